"""Debian's chromium, as tests drive it: nothing is fetched, and what goes wrong is remembered."""

import contextlib

from playwright.sync_api import sync_playwright


@contextlib.contextmanager
def opened(program):
    with sync_playwright() as playwright:
        # Tests run as root, where chromium's own sandbox does not start.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page with all that it asked the network for and all that it complained about."""

    def __init__(self, browser, path, **context):
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.requests = []
        self.complaints = []
        address = path.resolve().as_uri()
        self.page.on("request", lambda it: self.note_request(it.url, address))
        self.page.on("console", lambda it: self.note_console(it))
        self.page.on("pageerror", lambda it: self.complaints.append(str(it)))
        self.page.goto(address)

    def note_request(self, url, address):
        if url.split("#")[0] != address and not url.startswith("data:"):
            self.requests.append(url)

    def note_console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)
