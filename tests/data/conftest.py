import functools
import hashlib
import http.server
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from dlstudio.data.sources.framework.remote import RemoteFile
from dlstudio.data.sources.sources import SOURCES


class RecordingHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002
        self.server.requests.append(self.path)


@pytest.fixture
def server(tmp_path):
    """Serve `.root` over local HTTP; `.requests` lists the requested paths."""
    root = tmp_path / "served"
    root.mkdir()
    handler = functools.partial(RecordingHandler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as http_server:
        http_server.requests = []
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{http_server.server_port}/"
        yield SimpleNamespace(root=root, requests=http_server.requests, address=address)
        http_server.shutdown()
        thread.join()


@pytest.fixture
def remote(server, monkeypatch):
    """Serve a data set from the local server: `remote(name, files, train, test)`."""

    def serve(name, files, train, test):
        remote_files = []
        for file, content in files.items():
            (server.root / file).write_bytes(content)
            remote_files.append(RemoteFile(file, hashlib.md5(content).hexdigest(), len(content)))
        source = SOURCES[name]
        entry = replace(source.remote, mirrors=(server.address,), files=tuple(remote_files))
        info = replace(source.info, count=train, test=test)
        monkeypatch.setitem(SOURCES, name, replace(source, remote=entry, info=info))
        return server

    return serve
