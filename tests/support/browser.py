"""A real browser without a window, driven over a pipe by the DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/ describes the methods and events. Messages
are JSON, each ended by a zero byte, on the file descriptors 3 (to the browser) and 4 (from it).
"""

import base64
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 60
"""For one answer, on a machine that has much else to do."""
_FLAGS = (
    *("--headless", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    # Root has no sandbox, and unpacked packages bring none; the only pages are our own files.
    "--no-sandbox",
    "--hide-scrollbars",
)
_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39}
"""What the browser's own handling of a key goes by."""


class BrowserError(Exception):
    """The browser said no, or nothing."""


@dataclass
class Browser:
    """A running browser."""

    process: subprocess.Popen[bytes]
    to: int
    back: int
    events: list[dict[str, Any]] = field(default_factory=list)
    _last: int = 0
    _rest: bytes = b""

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Call a method and return its result; events that come meanwhile are kept."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data) :]
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            answer = self._message(deadline, method)
            if answer.get("id") != self._last:
                self.events.append(answer)
            elif "error" in answer:
                raise BrowserError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait(self, event: str, session: str) -> dict[str, Any]:
        """Return the first event of a kind, which may have come already."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            for seen in self.events:
                if seen.get("method") == event and seen.get("sessionId") == session:
                    return seen["params"]
            self.events.append(self._message(deadline, event))

    def _message(self, deadline: float, awaited: str) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self.back], [], [], max(deadline - time.monotonic(), 0))
            chunk = os.read(self.back, 1 << 16) if ready else b""
            if not chunk:
                raise BrowserError(f"{awaited}: {'the browser ended' if ready else 'no answer'}")
            self._rest += chunk
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@dataclass
class Page:
    """One tab."""

    browser: Browser
    session: str
    target: str

    def close(self) -> None:
        """Close the tab, and forget what it reported."""
        self.browser.call("Target.closeTarget", targetId=self.target)
        self.browser.events.clear()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of this tab."""
        return self.browser.call(method, self.session, **params)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        self.browser.wait("Page.loadEventFired", self.session)

    def run(self, script: str) -> Any:
        """Return what an expression is worth in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self.run(f"Boolean({script})"):
            if time.monotonic() > deadline:
                raise BrowserError(f"never true: {script}")
            time.sleep(0.02)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Send one event of the mouse: `mousePressed`, `mouseMoved`, `mouseWheel` …"""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, x: float, y: float) -> None:
        """Move there, press and let go."""
        self.mouse("mouseMoved", x, y)
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, button="left", buttons=1, clickCount=1)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at one point, move to another in steps, let go."""
        self.mouse("mousePressed", *start, button="left", buttons=1, clickCount=1)
        for part in (0.25, 0.5, 1.0):
            x, y = (a + (b - a) * part for a, b in zip(start, end, strict=True))
            self.mouse("mouseMoved", x, y, button="left", buttons=1)
        self.mouse("mouseReleased", *end, button="left", clickCount=1)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press and release a key, named as in `KeyboardEvent.key`; 8 of `modifiers` is shift."""
        more = {"key": key, "modifiers": modifiers, "windowsVirtualKeyCode": _CODES.get(key, 0)}
        text = {"text": "\r" if key == "Enter" else key} if len(key) == 1 or key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **more, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **more)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Send one event of the fingers: `touchStart`, `touchMove`, `touchEnd` (no points)."""
        fingers = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        self.call("Input.dispatchTouchEvent", type=kind, touchPoints=fingers)

    def write(self, text: str) -> None:
        """Put text where the focus is, as a keyboard would."""
        self.call("Input.insertText", text=text)

    def prefer(self, **features: str) -> None:
        """Set media features such as `prefers-color-scheme`, with underscores for hyphens."""
        chosen = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
        self.call("Emulation.setEmulatedMedia", features=chosen)

    def resize(self, width: int, height: int) -> None:
        """Give the window's inside a size in pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)  # fmt: skip

    def screenshot(self, path: Path) -> None:
        """Write what is seen as a PNG file."""
        shot = self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def seen(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of every event of a kind, up to now."""
        # An answer to anything comes after all events before it.
        self.run("0")
        own = (one for one in self.browser.events if one.get("sessionId") == self.session)
        return [one["params"] for one in own if one.get("method") == method]


@contextmanager
def browser(program: Path, profile: Path) -> Iterator[Browser]:
    """A browser with a profile folder of its own, ended with the block."""
    to_read, to_write = os.pipe()
    back_read, back_write = os.pipe()

    def as_three_and_four() -> None:
        # Copies beyond 4 first: either pipe may have one of these numbers already.
        ends = [os.dup(os.dup(os.dup(os.dup(end)))) for end in (to_read, back_write)]
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    process = subprocess.Popen(
        [str(program), *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        pass_fds=(3, 4),
        preexec_fn=as_three_and_four,
        env=_environment(profile),
        start_new_session=True,
    )
    for end in (to_read, back_write):
        os.close(end)
    try:
        yield Browser(process, to_write, back_read)
    finally:
        _end(process, to_write, back_read)


def new_page(running: Browser) -> Page:
    """Open a tab that reports its network, console and errors."""
    target = running.call("Target.createTarget", url="about:blank")["targetId"]
    attached = running.call("Target.attachToTarget", targetId=target, flatten=True)
    page = Page(running, attached["sessionId"], target)
    for domain in ("Page", "Runtime", "Network", "Log"):
        page.call(f"{domain}.enable")
    return page


def _environment(profile: Path) -> Mapping[str, str]:
    # What it would write into a home goes into the profile.
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(profile), "XDG_CONFIG_HOME": str(profile)}


def _end(process: subprocess.Popen[bytes], *ends: int) -> None:
    """Close the pipes, at which the browser leaves by itself; end it where it doesn't."""
    for end in ends:
        os.close(end)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
