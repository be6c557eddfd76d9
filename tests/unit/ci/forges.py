"""The parts of GitHub's and GitLab's APIs that the steps use, on loopback, with a memory.

Both check the token of every request. Lists come in pages, as they do there.
"""

import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "canary-token-5f1d"
BOT = "github-actions[bot]"
MERGED, REVIEWED, OPEN = "a" * 40, "b" * 40, "c" * 40
"""Commits: of the merge, of the pull request that it came by, and of one that is still open."""


@dataclass
class Forge:
    """What a forge remembers, and what it was asked."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """Kept packages by path; content of artifacts by id."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    tokens: list[str] = field(default_factory=list)
    """Of each request, the token it carried."""
    url: str = ""

    @property
    def writes(self) -> list[str]:
        """Methods and paths of requests that change something."""
        return [f"{method} {path}" for method, path in self.asked if method != "GET"]


Answer = tuple[int, Any, dict[str, str]]
Route = tuple[str, str, Callable[[Forge, re.Match[str], Any, dict[str, str]], Answer]]


@contextmanager
def served(routes: list[Route]) -> Iterator[Forge]:
    """Serve a forge until the end of the block."""
    forge = Forge()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(forge, routes))
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(forge: Forge, routes: list[Route]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do(self) -> None:
            parts = urlsplit(self.path)
            headers = self.headers
            bearer = headers.get("Authorization", "").removeprefix("Bearer ")
            token = bearer or headers.get("PRIVATE-TOKEN") or headers.get("JOB-TOKEN") or ""
            forge.asked.append((self.command, parts.path))
            forge.tokens.append(token)
            raw = self.rfile.read(int(headers.get("Content-Length") or 0))
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            status, content, more = 404, {}, {}
            for method, pattern, answer in routes:
                matched = re.fullmatch(pattern, parts.path)
                if matched and method == self.command:
                    status, content, more = answer(forge, matched, raw, query)
            if token != TOKEN and not parts.path.startswith("/storage/"):
                status, content, more = 401, {"message": "Bad credentials"}, {}
            self.reply(status, content, more)

        def reply(self, status: int, content: Any, more: dict[str, str]) -> None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    for method in ("GET", "POST", "PATCH", "PUT"):
        setattr(Handler, f"do_{method}", Handler.do)
    return Handler


def _page(found: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    size, number = int(query["per_page"]), int(query["page"])
    return 200, found[size * (number - 1) : size * number], {}


def _numbered(found: list[dict[str, Any]], one: dict[str, Any]) -> Answer:
    one |= {"id": len(found) + 1, "number": len(found) + 1, "iid": len(found) + 1}
    found.append(one)
    return 201, one, {}


def _edited(found: list[dict[str, Any]], matched: re.Match[str], raw: bytes) -> Answer:
    one = found[int(matched[1]) - 1]
    one |= json.loads(raw)
    if one.pop("state_event", "") == "close":
        one["state"] = "closed"
    return 200, one, {}


def _open(forge: Forge, query: dict[str, str], state: str) -> Answer:
    assert (query["labels"], query["state"]) == ("drift", state)
    return _page([one for one in forge.issues if one.get("state", state) == state], query)


def _zipped(forge: Forge, name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file, content in json.loads(forge.files[name]).items():
            archive.writestr(file, content)
    return packed.getvalue()


def _bot(raw: bytes) -> dict[str, Any]:
    return {**json.loads(raw), "user": {"login": BOT}}


def _account(raw: bytes) -> dict[str, Any]:
    return {**json.loads(raw), "author": {"id": 7}}


def _pulls() -> list[dict[str, Any]]:
    times = {REVIEWED: "2026-01-01T00:00:00Z", OPEN: None}
    return [{"head": {"sha": sha}, "merged_at": time} for sha, time in times.items()]


_REPO = "/repos/o/r"
GITHUB: list[Route] = [
    ("GET", f"{_REPO}/issues/4/comments", lambda f, m, raw, q: _page(f.comments, q)),
    ("POST", f"{_REPO}/issues/4/comments", lambda f, m, raw, q: _numbered(f.comments, _bot(raw))),
    ("PATCH", rf"{_REPO}/issues/comments/(\d+)", lambda f, m, raw, q: _edited(f.comments, m, raw)),
    ("GET", f"{_REPO}/issues", lambda f, m, raw, q: _open(f, q, "open")),
    ("POST", f"{_REPO}/issues", lambda f, m, raw, q: _numbered(f.issues, _bot(raw))),
    ("PATCH", rf"{_REPO}/issues/(\d+)", lambda f, m, raw, q: _edited(f.issues, m, raw)),
    (
        "GET",
        f"{_REPO}/actions/artifacts",
        lambda f, m, raw, q: (
            200,
            {"artifacts": [one for one in f.artifacts if one["name"] == q["name"]]},
            {},
        ),
    ),
    ("GET", f"{_REPO}/commits/{MERGED}/pulls", lambda f, m, raw, q: (200, _pulls(), {})),
    (
        "GET",
        rf"{_REPO}/actions/artifacts/(\d+)/zip",
        lambda f, m, raw, q: (302, b"", {"Location": f"{f.url}/storage/{m[1]}"}),
    ),
    ("GET", r"/storage/(\d+)", lambda f, m, raw, q: (200, _zipped(f, m[1]), {})),
]

_PROJECT = "/projects/11"
_NOTES = f"{_PROJECT}/merge_requests/4/notes"
_PACKAGES = rf"{_PROJECT}/packages/generic/(.+)"


def _stored(forge: Forge, matched: re.Match[str], raw: bytes) -> Answer:
    forge.files[matched[1]] = raw
    return 201, {}, {}


def _kept(forge: Forge, matched: re.Match[str]) -> Answer:
    found = forge.files.get(matched[1])
    return (404, {}, {}) if found is None else (200, found, {})


GITLAB: list[Route] = [
    ("GET", "/user", lambda f, m, raw, q: (200, {"id": 7}, {})),
    ("GET", _NOTES, lambda f, m, raw, q: _page(f.comments, q)),
    ("POST", _NOTES, lambda f, m, raw, q: _numbered(f.comments, _account(raw))),
    ("PUT", rf"{_NOTES}/(\d+)", lambda f, m, raw, q: _edited(f.comments, m, raw)),
    ("GET", f"{_PROJECT}/issues", lambda f, m, raw, q: _open(f, q, "opened")),
    ("POST", f"{_PROJECT}/issues", lambda f, m, raw, q: _numbered(f.issues, _account(raw))),
    ("PUT", rf"{_PROJECT}/issues/(\d+)", lambda f, m, raw, q: _edited(f.issues, m, raw)),
    ("PUT", _PACKAGES, lambda f, m, raw, q: _stored(f, m, raw)),
    ("GET", _PACKAGES, lambda f, m, raw, q: _kept(f, m)),
]
