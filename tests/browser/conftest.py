"""A server with its folders, the system's Chromium, and a watch for everything that page text must not do."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

collect_ignore_glob = [] if os.environ.get("BROWSER_TESTS") else ["*.py"]

if os.environ.get("BROWSER_TESTS"):
    import uvicorn
    from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

    from tests.test_review_web import Site

SPY = """
window.__ran = [];
window.ran = (n) => { window.__ran.push(String(n)); };
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => { window.__ran.push(name); };
window.__violations = [];
document.addEventListener("securitypolicyviolation", (e) =>
  window.__violations.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile || ""}`));
"""
"""Runs before any page: what payloads call, and what the policy forbade."""


def chromium() -> str:
    """Return the path of the system's Chromium."""
    given = os.environ.get("CHROMIUM")
    found = given or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.exit("There is no Chromium: install one, or give its path in CHROMIUM", returncode=2)
    return str(found)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as play:
        launched = play.chromium.launch(executable_path=chromium(), args=arguments)
        yield launched
        launched.close()


@dataclass
class Watch:
    """What happened in a context that nobody asked for."""

    home: str
    events: list[str] = field(default_factory=list)
    pages: list[Any] = field(default_factory=list)

    def attach(self, context: "BrowserContext") -> None:
        context.add_init_script(SPY)
        context.on("page", self._page)
        context.on("request", self._request)

    def _page(self, page: "Page") -> None:
        self.pages.append(page)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.events.append(f"error {error}"))
        page.on("console", self._console)

    def _dialog(self, dialog: Any) -> None:
        self.events.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        told = ("the server responded with a status of 4", "htmx:")  # refusals, and requests that were given up
        if message.type == "error" and not any(words in message.text for words in told):
            self.events.append(f"console {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:,")):
            self.events.append(f"request {request.url}")

    def look(self, page: "Page") -> None:
        """Fail where page text ran or the policy had to step in."""
        seen = page.evaluate("[window.__ran, window.__violations]")
        assert seen == [[], []], (page.url, seen)
        assert self.events == [], (page.url, self.events)


@dataclass
class Served:
    """A server that is running."""

    site: "Site"
    home: str
    browser: "Browser"
    watches: list[Watch] = field(default_factory=list)
    contexts: list[Any] = field(default_factory=list)

    def open(self, path: str = "/review", **options: Any) -> "Page":
        """Open a page as a browser of its own."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        watch = Watch(self.home)
        watch.attach(context)
        self.watches.append(watch)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(self.home + path)
        return page

    def settle(self) -> None:
        """Close everything and fail where anything happened that nobody asked for."""
        for watch in self.watches:
            for page in watch.pages:
                if not page.is_closed():
                    watch.look(page)
        for context in self.contexts:
            context.close()
        assert self.site.desk.violations == []


@pytest.fixture
def serve(browser: "Browser") -> "Iterator[Callable[[Site], Served]]":
    running: list[tuple[Any, threading.Thread, Served]] = []

    def start(site: "Site") -> Served:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(site.app, log_level="warning", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        served = Served(site, f"http://127.0.0.1:{listening.getsockname()[1]}", browser)
        running.append((server, thread, served))
        return served

    yield start
    for server, thread, served in running:
        server.should_exit = True
        thread.join(10)
        served.site.desk.close()


@pytest.fixture
def served(tmp_path: Path, serve: "Callable[[Site], Served]") -> "Iterator[Served]":
    made = serve(Site(tmp_path))
    yield made
    made.settle()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the folder in SCREENSHOTS, else a temporary one."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
