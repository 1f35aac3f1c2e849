"""A real browser: Chromium, found by name, started once for all tests that look at pages."""

import os
import shutil
from contextlib import contextmanager
from importlib.util import find_spec
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""It runs as root in containers, and asks nobody else for anything by itself."""


class BrowserUnavailableError(Exception):
    """There is no browser here; the message says what to install."""


@contextmanager
def browser():
    """Give a headless Chromium.

    Raises:
        BrowserUnavailableError: Playwright or the browser is missing.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise BrowserUnavailableError(f"no browser: none of {', '.join(NAMES)} is installed")
    if find_spec("playwright") is None:
        raise BrowserUnavailableError("playwright is not installed: pip install 'hpsearch[test]'")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - all but the browser's tests do without

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()


def required():
    """Return whether a test fails rather than being skipped where there is no browser."""
    return bool(os.environ.get("HPSEARCH_REQUIRE_BROWSER"))


class Visit:
    """A page, and everything that went wrong on it.

    Attributes:
        page: The page, of Playwright's kind.
        complaints: Errors of scripts, of the console and of the Content-Security-Policy.
        hosts: Hosts that were asked for something.
    """

    def __init__(self, chromium, *, width=1280, height=900, **options):
        self.page = chromium.new_page(viewport={"width": width, "height": height}, **options)
        self.complaints = []
        self.hosts = set()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", lambda request: self._note(request.url))

    def __enter__(self):
        """Return itself."""
        return self

    def __exit__(self, *_error):
        """Leave the page."""
        self.page.close()

    def _listen(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note(self, url):
        parts = urlsplit(url)
        if parts.scheme not in {"data", "blob"}:
            self.hosts.add(parts.hostname)
