import functools
import hashlib
import http.server
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from dlstudio.data import facts, mirrors
from dlstudio.data.mirrors import RemoteFile


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002
        self.server.asked.append(self.path)


@pytest.fixture
def server(tmp_path):
    """A local HTTP server: `.root` is the folder it serves, `.asked` what was asked of it."""
    root = tmp_path / "served"
    root.mkdir()
    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{running.server_port}/"
        yield SimpleNamespace(root=root, asked=running.asked, address=address)
        running.shutdown()
        thread.join()


@pytest.fixture
def remote(server, monkeypatch):
    """Makes a data set come from the local server: `remote(name, files, counts)`."""

    def serve(name, files, train, test):
        listed = []
        for file, content in files.items():
            (server.root / file).write_bytes(content)
            listed.append(RemoteFile(file, hashlib.md5(content).hexdigest(), len(content)))
        entry = replace(mirrors.CATALOGUE[name], mirrors=(server.address,), files=tuple(listed))
        monkeypatch.setitem(mirrors.CATALOGUE, name, entry)
        declared = replace(facts.DECLARED[name], count=train, test=test)
        monkeypatch.setitem(facts.DECLARED, name, declared)
        return server

    return serve
