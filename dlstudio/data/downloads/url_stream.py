"""Reads a URL in its own thread, so that a stalled connection can be cancelled at once."""

from __future__ import annotations

import http.client
import queue
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from dlstudio.data.core.errors import Cancelled

_CHUNK_BYTES = 1 << 16
_QUEUE_SIZE = 16
_NETWORK_TIMEOUT = 20.0
_POLL_SECONDS = 0.1


def stream(url: str, cancelled: Callable[[], bool]) -> Iterator[bytes]:
    """Yield the content of `url` in chunks.

    Raises:
        OSError: The address cannot be reached, or the connection failed.
        Cancelled: `cancelled` returned True; it is called at least every 0.1 s.
    """
    chunks: queue.Queue[bytes | OSError] = queue.Queue(_QUEUE_SIZE)
    stop = threading.Event()
    threading.Thread(
        target=_download, args=(url, chunks, stop), name="download", daemon=True
    ).start()
    try:
        while True:
            item = _next_chunk(chunks)
            if cancelled():
                raise Cancelled
            if isinstance(item, OSError):
                raise item
            if item == b"":
                return
            if item is not None:
                yield item
    finally:
        stop.set()


def _next_chunk(chunks: queue.Queue[bytes | OSError]) -> bytes | OSError | None:
    try:
        return chunks.get(timeout=_POLL_SECONDS)
    except queue.Empty:
        return None


def _download(url: str, chunks: queue.Queue[bytes | OSError], stop: threading.Event) -> None:
    """Put all chunks into the queue, then an empty one or the error."""

    def put(item: bytes | OSError) -> None:
        while not stop.is_set():
            try:
                chunks.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return

    request = urllib.request.Request(url, headers={"User-Agent": "dlstudio"})
    try:
        with urllib.request.urlopen(request, timeout=_NETWORK_TIMEOUT) as response:
            while not stop.is_set() and (chunk := response.read(_CHUNK_BYTES)):
                put(chunk)
    except urllib.error.HTTPError as error:
        error.close()
        put(OSError(str(error)))
    except OSError as error:
        put(error)
    except (http.client.HTTPException, ValueError) as error:
        put(OSError(f"invalid response: {error}"))
    else:
        put(b"")
