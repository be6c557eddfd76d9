"""Comments, issues and kept plans on GitLab."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import http
from .forge import Api, Note, required

LABEL: Final = "drift"
_PACKAGE: Final = "meshtier-plan"


@dataclass(frozen=True, kw_only=True, slots=True)
class GitLab:
    """One project, and the merge request that the pipeline is about."""

    api: Api
    project: str
    number: str | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "GitLab":
        """Return the project of a pipeline; the job's own token can neither comment nor report."""
        token = required(environment, "GITLAB_TOKEN", "a project access token with scope api")
        return cls(
            api=Api(root=_root(environment), headers={"PRIVATE-TOKEN": token}),
            project=required(environment, "CI_PROJECT_ID", "the project's number"),
            number=environment.get("CI_MERGE_REQUEST_IID"),
        )

    def comments(self) -> Iterator[Note]:
        """Yield our comments on the merge request."""
        return self._ours(f"{self._base}/merge_requests/{self.number}/notes", "id", "body")

    def add_comment(self, body: str) -> None:
        """Comment on the merge request."""
        path = f"{self._base}/merge_requests/{self.number}/notes"
        self.api.call("POST", path, {"body": body})

    def edit_comment(self, id_: int, body: str) -> None:
        """Replace a comment's text."""
        path = f"{self._base}/merge_requests/{self.number}/notes/{id_}"
        self.api.call("PUT", path, {"body": body})

    def issues(self) -> Iterator[Note]:
        """Yield our open issues about drift."""
        path = f"{self._base}/issues?state=opened&labels={LABEL}"
        return self._ours(path, "iid", "description")

    def add_issue(self, title: str, body: str) -> None:
        """Open an issue about drift."""
        content = {"title": title, "description": body, "labels": LABEL}
        self.api.call("POST", f"{self._base}/issues", content)

    def edit_issue(self, id_: int, body: str, *, close: bool = False) -> None:
        """Replace an issue's text, and close it if so told."""
        content = {"description": body, **({"state_event": "close"} if close else {})}
        self.api.call("PUT", f"{self._base}/issues/{id_}", content)

    @property
    def _base(self) -> str:
        return f"/projects/{self.project}"

    def _ours(self, path: str, key: str, text: str) -> Iterator[Note]:
        account: Any = self.api.call("GET", "/user")
        for one in self.api.pages(path):
            if one["author"]["id"] == account["id"]:
                yield Note(id=one[key], body=one.get(text) or "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Packages:
    """The project's package registry, where plans are kept between pipelines."""

    root: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Packages":
        """Return the registry of a pipeline's project, reached with the job's own token."""
        token = required(environment, "CI_JOB_TOKEN", "the job's token")
        project = required(environment, "CI_PROJECT_ID", "the project's number")
        root = f"{_root(environment)}/projects/{project}/packages/generic/{_PACKAGE}"
        return cls(root=root, headers={"JOB-TOKEN": token})

    def keep(self, name: str, file: Path) -> None:
        """Keep a file under a version's name."""
        url = f"{self.root}/{name}/{file.name}"
        http.expect("PUT", url, http.request("PUT", url, self.headers, file.read_bytes()))

    def fetch(self, name: str, file: Path) -> bool:
        """Write the file that is kept under a version's name; False where there is none."""
        url = f"{self.root}/{name}/{file.name}"
        answer = http.request("GET", url, self.headers)
        if answer.status == 404:
            return False
        file.write_bytes(http.expect("GET", url, answer).body)
        return True


def is_from_fork(environment: Mapping[str, str]) -> bool:
    """Return whether the merge request comes from another project than the pipeline's own."""
    source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
    return bool(source) and source != environment.get("CI_PROJECT_ID")


def _root(environment: Mapping[str, str]) -> str:
    return required(environment, "CI_API_V4_URL", "the address of GitLab's API")
