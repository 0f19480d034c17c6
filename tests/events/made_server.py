"""A server laid out as GDELT's, on this machine, with the faults that a test asks for."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def zipped(name: str, text: str | bytes) -> bytes:
    """A zip with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(name, text)
    return buffer.getvalue()


@dataclass
class Served:
    """Files by name, what was asked for, and an answer of one's own for a name."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    faults: dict[str, Callable[[int], bytes]] = field(default_factory=dict)
    address: str = ""

    def add(self, stamp: str, text: str | bytes) -> str:
        """Add an event file of GDELT 2.0, zipped."""
        name = f"{stamp}.export.CSV.zip"
        self.files[name] = zipped(f"{stamp}.export.CSV", text)
        return name

    def master(self) -> bytes:
        """The list: bytes, md5 and the official address of each file."""
        lines = [
            f"{len(data)} {hashlib.md5(data).hexdigest()} http://data.gdeltproject.org/gdeltv2/{name}"
            for name, data in sorted(self.files.items())
        ]
        return ("\n".join(lines) + "\n").encode()


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            served.asked.append(name)
            data = served.files.get(name)
            if name == "masterfilelist.txt" and data is None:
                data = served.master()
            if name in served.faults:
                data = served.faults[name](served.asked.count(name))
            if data is None:
                self.send_error(404)
                return
            start = 0
            if (wanted := self.headers.get("Range")) is not None:
                served.ranges.append(f"{name} {wanted}")
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            self.wfile.write(data[start:])

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
