"""An HTTP server on this machine that resumes, breaks off and counts, for the tests of downloads."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Site:
    """What is served and what was asked for."""

    files: dict[str, bytes]
    address: str = ""
    break_after: list[int] = field(default_factory=list)
    """Bytes of the body after which each of the next connections is cut."""
    ranges: list[str | None] = field(default_factory=list)
    """The Range header of every request so far."""
    version: str = '"one"'
    supports_ranges: bool = True


@contextmanager
def serve(files: dict[str, bytes]) -> Iterator[Site]:
    """Serve `files` (path to content) on a free port of the loopback interface."""
    site = Site(files)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            site.ranges.append(asked)
            content = site.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            same = self.headers.get("If-Range", site.version) == site.version
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and same and site.supports_ranges else 0
            if start >= len(content) and start:
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.send_header("ETag", site.version)
            self.end_headers()
            body = content[start:]
            self.wfile.write(body[: site.break_after.pop(0)] if site.break_after else body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
