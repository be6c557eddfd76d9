"""`eval "$(ci/credentials)"`: the clouds' credentials in GitLab, from the job's identity.

A cloud that AWS_ROLE or GCP_PROVIDER names is entered with AWS_ID_TOKEN or GCP_ID_TOKEN, which
the job asks for (`id_tokens:`). Each cloud's own libraries exchange
theirs for credentials that end with the job; no key is kept anywhere. GitHub has the clouds' own
actions for this. Prints nothing secret: names of files and roles.
"""

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from .forge import required
from .refusal import run


def exports(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Write the tokens into files; return the variables that point at them."""
    found: dict[str, str] = {}
    if environment.get("AWS_ROLE"):
        token = required(environment, "AWS_ID_TOKEN", "a token, from id_tokens")
        found["AWS_WEB_IDENTITY_TOKEN_FILE"] = _write(folder / "aws", token)
        found["AWS_ROLE_ARN"] = environment["AWS_ROLE"]
        found["AWS_ROLE_SESSION_NAME"] = f"gitlab-{environment.get('CI_JOB_ID', 'job')}"
    if environment.get("GCP_PROVIDER"):
        token = required(environment, "GCP_ID_TOKEN", "a token, from id_tokens")
        source = _write(folder / "gcp", token)
        file = _write(folder / "gcp.json", json.dumps(_google(environment, source)))
        found["GOOGLE_APPLICATION_CREDENTIALS"] = file
        found["CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"] = file
    return found


def main() -> int:
    """Print a line per variable, for a POSIX shell."""
    folder = Path(os.environ["CI_OUT"]).resolve() / "identity"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, value in exports(os.environ, folder).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _google(environment: Mapping[str, str], token: str) -> dict[str, object]:
    provider = environment["GCP_PROVIDER"]
    account = required(environment, "GCP_ACCOUNT", "the e-mail of a service account")
    impersonate = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"
    return {
        "type": "external_account",
        "audience": f"//iam.googleapis.com/{provider}",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "service_account_impersonation_url": f"{impersonate}/{account}:generateAccessToken",
        "credential_source": {"file": token},
    }


def _write(path: Path, text: str) -> str:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    run(main)
