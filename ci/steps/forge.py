"""Where a change is reviewed: GitHub or GitLab, told by the runner's own variables.

Tokens come from the environment, never from arguments, and go nowhere but into a header.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from . import http
from .refusal import Refusal

_PAGE: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A comment or an issue of our own."""

    id: int
    body: str


class Forge(Protocol):
    """What the steps need of a forge. Only what this account wrote is ever returned or changed."""

    def comments(self) -> Iterator[Note]:
        """Yield our comments on the change."""
        ...

    def add_comment(self, body: str) -> None:
        """Comment on the change."""
        ...

    def edit_comment(self, id_: int, body: str) -> None:
        """Replace a comment's text."""
        ...

    def issues(self) -> Iterator[Note]:
        """Yield our open issues about drift."""
        ...

    def add_issue(self, title: str, body: str) -> None:
        """Open an issue about drift."""
        ...

    def edit_issue(self, id_: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and close it if so told."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Api:
    """A JSON API with a token."""

    root: str
    headers: Mapping[str, str] = field(repr=False)

    def call(self, method: str, path: str, content: Any = None) -> Any:
        """Return what the server says to one request; raises Refusal unless it succeeds."""
        url = f"{self.root}{path}"
        body = None if content is None else json.dumps(content).encode()
        headers = {**self.headers, "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = http.expect(method, url, http.request(method, url, headers, body))
        return answer.json() if answer.body else None

    def pages(self, path: str) -> Iterator[Any]:
        """Yield every item of a list, page after page."""
        joint = "&" if "?" in path else "?"
        number = 1
        while True:
            found = self.call("GET", f"{path}{joint}per_page={_PAGE}&page={number}")
            yield from found
            if len(found) < _PAGE:
                return
            number += 1


def required(environment: Mapping[str, str], name: str, meaning: str) -> str:
    """Return a variable; raises Refusal when it is missing or empty."""
    value = environment.get(name, "")
    if not value:
        raise Refusal(name, "nothing", meaning, "set it in the job's environment")
    return value
