"""Which forge a run belongs to."""

from collections.abc import Mapping

from . import github, gitlab
from .forge import Forge
from .github import GitHub
from .gitlab import GitLab
from .refusal import Refusal


def is_github(environment: Mapping[str, str]) -> bool:
    """Return whether a GitHub workflow runs this; raises Refusal when no known forge does."""
    if environment.get("GITHUB_ACTIONS"):
        return True
    if environment.get("GITLAB_CI"):
        return False
    raise Refusal("runner", "neither GitHub nor GitLab", "one of them", "run it in a workflow")


def forge(environment: Mapping[str, str]) -> Forge:
    """Return the forge that runs this; raises Refusal when it is none, or without a token."""
    return GitHub.of(environment) if is_github(environment) else GitLab.of(environment)


def is_from_fork(environment: Mapping[str, str]) -> bool:
    """Return whether the change under review comes from somebody else's repository."""
    owner = github if is_github(environment) else gitlab
    return owner.is_from_fork(environment)
