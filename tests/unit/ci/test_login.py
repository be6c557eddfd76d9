"""Into the state and the clouds without a key that anybody keeps."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from .forges import TOKEN, Forge, Route, served
from .repository import Repository, repository

IDENTITY = "canary-identity-77"
ROUTES: list[Route] = [
    (
        "GET",
        "/token",
        lambda forge, matched, raw, query: (
            (200, {"value": IDENTITY}, {})
            if query == {"api": "1", "audience": "urn:pulumi:org:acme"}
            else (400, {}, {})
        ),
    )
]
# Says how it was called, and what the file held that it was pointed at.
PULUMI = """#!/bin/sh
echo "pulumi $*"
for word in "$@"; do
  case $word in file://*) echo "read $(wc -c <"${word#file://}") bytes";; esac
done
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "checkout")
    made.commit({"bin/pulumi": PULUMI})
    (made.root / "bin" / "pulumi").chmod(0o755)
    return made


@pytest.fixture
def issuer() -> Iterator[Forge]:
    with served(ROUTES) as forge:
        yield forge


def login(repo: Repository, env: Mapping[str, str]) -> tuple[int, str]:
    """Return exit status and everything that was said, with a `pulumi` that only tells its call."""
    path = f"{repo.root / 'bin'}:/usr/bin:/bin"
    done = repo.run("login", env={"PATH": path, **env})
    return done.returncode, done.stdout + done.stderr


def test_a_self_managed_state_needs_no_login(repo: Repository) -> None:
    env = {"PULUMI_BACKEND_URL": "s3://bucket", "PULUMI_ACCESS_TOKEN": "", "PULUMI_ORG": ""}
    assert login(repo, env) == (0, "pulumi whoami --non-interactive\n")


def test_a_token_is_masked_and_never_an_argument(repo: Repository) -> None:
    env = {"PULUMI_ACCESS_TOKEN": "canary-access", "GITHUB_ACTIONS": "true", "PULUMI_ORG": "acme"}
    assert login(repo, env) == (
        0,
        "::add-mask::canary-access\npulumi login --non-interactive --default-org acme\n",
    )


def test_a_runners_identity_is_masked_exchanged_and_removed(
    repo: Repository, issuer: Forge
) -> None:
    env = {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.url}/token?api=1",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": TOKEN,
        "PULUMI_ORG": "acme",
        "PULUMI_BACKEND_URL": "",
    }
    status, said = login(repo, env)
    assert status == 0, said
    mask, called, read = said.splitlines()
    assert mask == f"::add-mask::{IDENTITY}"
    assert "--oidc-org acme --oidc-token file:///" in called
    assert IDENTITY not in called
    assert read == f"read {len(IDENTITY)} bytes"
    assert list((repo.root / "out").iterdir()) == []


def test_gitlabs_identity_is_used_as_it_is(repo: Repository) -> None:
    status, said = login(repo, {"PULUMI_ID_TOKEN": IDENTITY, "PULUMI_ORG": "acme"})
    assert status == 0, said
    assert f"read {len(IDENTITY)} bytes" in said
    assert IDENTITY not in said


def test_without_any_of_them_it_says_what_to_set(repo: Repository) -> None:
    status, said = login(repo, {"PULUMI_ID_TOKEN": IDENTITY})
    assert (status, said) == (
        2,
        "state: got none of PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN and PULUMI_ORG with an "
        "identity; allowed one of them; set PULUMI_BACKEND_URL for a self-managed state, or "
        "PULUMI_ORG for Pulumi Cloud\n",
    )


def test_clouds_get_files_with_the_jobs_identity_and_the_log_gets_none_of_it(
    repo: Repository,
) -> None:
    env = {
        "AWS_ROLE": "arn:aws:iam::111122223333:role/ci",
        "AWS_ID_TOKEN": "canary-aws",
        "GCP_PROVIDER": "projects/1/locations/global/workloadIdentityPools/ci/providers/gitlab",
        "GCP_ACCOUNT": "ci@acme.iam.gserviceaccount.com",
        "GCP_ID_TOKEN": "canary-gcp",
        "CI_JOB_ID": "5",
    }
    done = repo.run("credentials", env=env)
    assert done.returncode == 0, done.stderr
    assert "canary" not in done.stdout
    lines = (line.removeprefix("export ") for line in done.stdout.splitlines())
    exported = dict(line.split("=", 1) for line in lines)
    assert exported["AWS_ROLE_ARN"] == env["AWS_ROLE"]
    token = Path(exported["AWS_WEB_IDENTITY_TOKEN_FILE"])
    assert token.read_text() == "canary-aws"
    assert token.stat().st_mode & 0o077 == 0
    google = json.loads(Path(exported["GOOGLE_APPLICATION_CREDENTIALS"]).read_text())
    assert google["audience"] == f"//iam.googleapis.com/{env['GCP_PROVIDER']}"
    assert Path(google["credential_source"]["file"]).read_text() == "canary-gcp"


def test_a_cloud_that_is_not_named_is_not_entered(repo: Repository) -> None:
    done = repo.run("credentials", env={"AWS_ID_TOKEN": "a", "GCP_ID_TOKEN": "b"})
    assert (done.returncode, done.stdout) == (0, "")


def test_a_cloud_without_a_token_is_told(repo: Repository) -> None:
    done = repo.run("credentials", env={"AWS_ROLE": "r"})
    assert done.returncode == 2
    assert done.stderr == (
        "AWS_ID_TOKEN: got nothing; allowed a token, from id_tokens; "
        "set it in the job's environment\n"
    )
