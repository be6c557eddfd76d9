"""Names in Google Cloud: within every limit, whatever environment and clusters are called."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan.gcp.nodes import pool_name
from meshtier.spec.gcp import GcpNodePool

from tests.support import gcp_clouds as gcp
from tests.support.environments import cluster_names

LONG = st.from_regex(r"[a-z][a-z0-9-]{33,34}[a-z0-9]", fullmatch=True)
ENVIRONMENTS = st.from_regex(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True) | st.just(63 * "e")

LABEL = r"[a-z]([-a-z0-9]*[a-z0-9])?"
LIMITS = {
    "gcp:container/cluster:Cluster": ("name", 40),
    "gcp:container/nodePool:NodePool": ("name", 40),
    "gcp:serviceaccount/account:Account": ("account_id", 30),
}
"""Everything else is a name of Compute Engine, of at most 63 characters."""


def named(environment: str, shop: str, pay: str) -> dict[str, Any]:
    """Return the rich document with other names for its user clusters."""
    changed = gcp.rich()
    below = changed["seeds"]["eu"]["userClusters"]
    changed["seeds"]["eu"]["userClusters"] = {shop: below["shop"], pay: below["pay"]}
    return changed


@given(
    ENVIRONMENTS,
    st.lists(cluster_names() | LONG, min_size=2, max_size=2, unique=True).filter(
        lambda pair: not {"hq", "eu", "us", "web", "mesh", "trust"} & set(pair)
    ),
)
def test_every_name_is_within_its_limit(environment: str, pair: list[str]) -> None:
    for one in gcp.planned(named(environment, *pair), environment).resources:
        key, limit = LIMITS.get(one.type, ("name", 63))
        if key not in one.args:
            continue
        assert len(one.args[key]) <= limit, one.name
        assert re.fullmatch(LABEL, one.args[key]), one.name


@given(ENVIRONMENTS, LONG)
def test_accounts_have_at_least_six_characters_and_node_tags_are_their_own(
    environment: str, long: str
) -> None:
    short = "a" if long != "a" else "b"
    plan = gcp.planned(named(environment, short, long), environment).resources
    accounts = [one.args["account_id"] for one in plan if "account_id" in one.args]
    assert all(len(account) >= 6 for account in accounts)
    pools = [one for one in plan if one.type == "gcp:container/nodePool:NodePool"]
    tags = {(one.parent, *one.args["node_config"]["tags"]) for one in pools}
    assert len({tag for _, tag in tags}) == len({parent for parent, _ in tags})


def test_a_pools_name_says_what_would_replace_it_and_nothing_else() -> None:
    def name(**pool: Any) -> str:
        changed = gcp.changed({f"{gcp.PAY}/cloud/gcp/nodes/general": pool})
        return gcp.args(changed, "test-pay-node-pool.general")["name"]

    assert name() == "general"
    assert name(type="n2d-standard-8", disk=200, min=3, labels={"a": "b"}) == "general"
    # A contract: with another digest every spot pool there is would be replaced.
    assert name(spot=True) == "general-a70911"


@given(st.from_regex(r"[a-z][a-z0-9-]{0,60}[a-z0-9]", fullmatch=True) | st.just(60 * "p"))
def test_a_pool_of_any_name_is_within_its_limit(key: str) -> None:
    steady, spot = (pool_name(key, GcpNodePool(spot=spot)) for spot in (False, True))
    for name in (steady, spot):
        assert len(name) <= 40
        assert re.fullmatch(LABEL, name)
    assert steady != spot
