"""Comments, issues and artifacts on GitHub."""

import io
import json
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import http
from .forge import Api, Note, required
from .refusal import Refusal

LABEL: Final = "drift"
_BOT: Final = "github-actions[bot]"
_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True, kw_only=True, slots=True)
class GitHub:
    """One repository, and the pull request that the run is about."""

    api: Api
    repository: str
    account: str
    """Whose comments and issues are ours."""
    number: int | None = None
    commit: str = ""
    """What the run has checked out."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitHub":
        """Return the repository of a workflow's run."""
        token = required(environment, "GITHUB_TOKEN", "the workflow's token")
        root = environment.get("GITHUB_API_URL", "https://api.github.com")
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        return cls(
            api=Api(root=root, headers=headers),
            repository=required(environment, "GITHUB_REPOSITORY", "owner/name"),
            account=environment.get("CI_ACCOUNT") or _BOT,
            number=event(environment).get("number"),
            commit=environment.get("GITHUB_SHA", ""),
        )

    def comments(self) -> Iterator[Note]:
        """Yield our comments on the pull request."""
        return self._ours(f"{self._root}/issues/{self.number}/comments", "id")

    def add_comment(self, body: str) -> None:
        """Comment on the pull request."""
        self.api.call("POST", f"{self._root}/issues/{self.number}/comments", {"body": body})

    def edit_comment(self, id_: int, body: str) -> None:
        """Replace a comment's text."""
        self.api.call("PATCH", f"{self._root}/issues/comments/{id_}", {"body": body})

    def issues(self) -> Iterator[Note]:
        """Yield our open issues about drift."""
        return self._ours(f"{self._root}/issues?state=open&labels={LABEL}", "number")

    def add_issue(self, title: str, body: str) -> None:
        """Open an issue about drift."""
        content = {"title": title, "body": body, "labels": [LABEL]}
        self.api.call("POST", f"{self._root}/issues", content)

    def edit_issue(self, id_: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and close it if so told."""
        content = {"body": body, **({"state": "closed"} if close else {})}
        self.api.call("PATCH", f"{self._root}/issues/{id_}", content)

    def fetch(self, name: str, folder: Path, files: Sequence[str]) -> bool:
        """Unpack files of the newest artifact of that name; False where there is none.

        Those of other runs don't count, whatever they are called: neither a fork's, nor those of
        branches that nobody has reviewed, whose workflow may upload what it likes.
        """
        reviewed = {self.commit, *self._merged()}
        found = self.api.call("GET", f"{self._root}/actions/artifacts?name={name}&per_page=100")
        own = [one for one in found["artifacts"] if not one["expired"] and _is_of(one, reviewed)]
        if not own:
            return False
        newest = max(own, key=lambda one: one["created_at"])
        archive = self._download(f"{self._root}/actions/artifacts/{newest['id']}/zip")
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            if not set(files) <= set(packed.namelist()):
                raise Refusal(name, "other files", ", ".join(files), "preview again")
            for file in files:
                (folder / file).write_bytes(packed.read(file))
        return True

    @property
    def _root(self) -> str:
        return f"/repos/{self.repository}"

    def _merged(self) -> Iterator[str]:
        """Yield the last commit of each pull request that the run's commit came by."""
        for one in self.api.call("GET", f"{self._root}/commits/{self.commit}/pulls"):
            if one["merged_at"]:
                yield one["head"]["sha"]

    def _ours(self, path: str, key: str) -> Iterator[Note]:
        for one in self.api.pages(path):
            if one["user"]["login"] == self.account:
                yield Note(id=one[key], body=one.get("body") or "")

    def _download(self, path: str) -> bytes:
        url = f"{self.api.root}{path}"
        answer = http.request("GET", url, self.api.headers)
        if answer.status in _REDIRECTS:
            # Storage elsewhere, with a signed address of its own: the token is not for it.
            url = answer.headers["location"]
            answer = http.request("GET", url, {})
        return http.expect("GET", url, answer).body


def event(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what the run is about, as GitHub tells it; empty where it doesn't."""
    path = environment.get("GITHUB_EVENT_PATH")
    return json.loads(Path(path).read_text(encoding="utf-8")) if path else {}


def is_from_fork(environment: Mapping[str, str]) -> bool:
    """Return whether the pull request comes from another repository than the run's own."""
    head = event(environment).get("pull_request", {}).get("head", {})
    # A fork that was deleted meanwhile is none of ours either.
    return bool(head) and (head.get("repo") or {}).get("full_name") != environment.get(
        "GITHUB_REPOSITORY"
    )


def _is_of(artifact: Mapping[str, Any], commits: Collection[str]) -> bool:
    """Return whether a run of this repository for one of the commits uploaded an artifact."""
    run = artifact.get("workflow_run") or {}
    is_own = run.get("head_repository_id") is not None and (
        run["head_repository_id"] == run.get("repository_id")
    )
    return is_own and run.get("head_sha") in commits
