"""A page in headless Chromium: what it does stands in `browser.html`."""

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from server import CLOSE, THROW

PAGE = Path(__file__).with_name("browser.html")
EXPECTED = {
    "sizes": "1000",
    "languages": "1005",
    "own_code": "4999",
    "server_closes": "1001 as you wish clean",
    "handler_throws": "1011  clean",
    "too_long": "1009 message-too-big clean",
    "leaves": "left",
}


class PageHandler(BaseHTTPRequestHandler):
    """Serves the page, and takes its results."""

    results: queue.Queue
    page: Path

    def do_GET(self):
        """The page."""
        self._answer(self.page.read_bytes())

    def do_POST(self):
        """The results."""
        self.results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"")

    def _answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def visit(*words, page=PAGE, seconds=90):
    """Open the page, and wait for what it has to say."""
    results = queue.Queue()
    handler = type("Handler", (PageHandler,), {"results": results, "page": page})
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as site,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        threading.Thread(target=site.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{site.server_port}/#{quote(json.dumps(words))}"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-proxy-server", f"--user-data-dir={profile}"]
        browser = subprocess.Popen(
            [shutil.which("chromium"), *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return results.get(timeout=seconds)
        finally:
            browser.terminate()
            browser.wait(10)
            site.shutdown()


@pytest.fixture(scope="module")
def results(start):
    """One visit for each server."""
    limited = start("--max-message=1000")
    return visit(start().url, limited.url, CLOSE, THROW)


@pytest.mark.parametrize("check", EXPECTED)
def test_chromium(results, check):
    """Text, bytes, languages, and every end that a page can bring about."""
    assert results[check] == EXPECTED[check]
    assert results.keys() == EXPECTED.keys()
