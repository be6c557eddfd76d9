"""`python -m steps.identity FILE`: who the runner is, as a token for Pulumi Cloud.

GitHub is asked for it (the job needs `id-token: write`); GitLab has put it into PULUMI_ID_TOKEN.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from . import http
from .forge import required
from .refusal import Refusal, run


def token(environment: Mapping[str, str]) -> str:
    """Return the token; raises Refusal when the runner has no identity."""
    given = environment.get("PULUMI_ID_TOKEN")
    url = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    organization = environment.get("PULUMI_ORG")
    if not organization or not (given or url):
        raise Refusal(
            "state",
            "none of PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN and PULUMI_ORG with an identity",
            "one of them",
            "set PULUMI_BACKEND_URL for a self-managed state, or PULUMI_ORG for Pulumi Cloud",
        )
    if given:
        return given
    audience = f"urn:pulumi:org:{organization}"
    bearer = required(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "the runner's own token")
    address = f"{url}&audience={quote(audience, safe='')}"
    answer = http.request("GET", address, {"Authorization": f"Bearer {bearer}"})
    return http.expect("GET", address, answer).json()["value"]


def main() -> int:
    """Write the token into the file, masked in the log from here on."""
    found = token(os.environ)
    if os.environ.get("GITHUB_ACTIONS"):
        print(f"::add-mask::{found}")
    Path(sys.argv[1]).write_text(found, encoding="utf-8")
    return 0


if __name__ == "__main__":
    run(main)
