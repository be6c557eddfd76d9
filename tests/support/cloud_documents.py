"""Documents at random whose clusters are made by clouds, or exist; all of them are taken."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.unit.spec.cloud_documents import aws, gcp

_CLOUDS = ("aws", "gcp", "existing")


@st.composite
def cloud_documents(draw: st.DrawFn, *, max_clusters: int = 6) -> dict[str, Any]:
    """Return a document: a master, one or two seeds, user clusters on any clouds and networks."""
    count = draw(st.integers(min_value=3, max_value=max_clusters), label="clusters")
    clouds = draw(
        st.lists(st.sampled_from(_CLOUDS), min_size=count, max_size=count), label="clouds"
    )
    blocks = [_block(draw, index, cloud, clouds) for index, cloud in enumerate(clouds)]
    networks = sorted({block["mesh"]["network"] for block in blocks})
    seeds = {"eu": {**blocks[1], "userClusters": {}}}
    for index in range(2, count):
        seeds["eu"]["userClusters"][_name(index)] = blocks[index]
    return {
        "mesh": {
            "id": "acme",
            "istio": {"version": "1.31.1"},
            "networks": {name: {"peeredWith": _peers(draw, name, networks)} for name in networks},
        },
        "master": {"name": _name(0), **blocks[0]},
        "seeds": seeds,
    }


def _name(index: int) -> str:
    return ("hq", "eu")[index] if index < 2 else f"shop-{index}"


def _block(draw: st.DrawFn, index: int, cloud: str, clouds: Sequence[str]) -> dict[str, Any]:
    twin = draw(st.booleans(), label="second network")
    owner = clouds.index(cloud)
    is_shared = owner < index and cloud != "existing" and draw(st.booleans(), label="shared")
    addresses: dict[str, Any] = {"services": f"10.{128 + index}.0.0/20"}
    if not (is_shared and cloud == "aws"):
        addresses["nodes"] = f"10.{index}.0.0/18"
    if cloud != "aws":
        addresses["pods"] = f"10.{64 + index}.0.0/18"
    if cloud == "existing":
        addresses["egress"] = [f"203.0.113.{index}/32"]
    return {
        "cloud": _cloud(index, cloud, {"sharedWith": _name(owner)} if is_shared else None),
        "addresses": addresses,
        "mesh": {
            "member": True if index > 1 else draw(st.booleans(), label="member"),
            "network": f"{cloud}-{'two' if twin else 'one'}",
            "gateway": {"enabled": True},
        },
    }


def _cloud(index: int, cloud: str, shared: dict[str, str] | None) -> dict[str, Any]:
    more = {"network": shared} if shared else {}
    if cloud == "aws":
        return aws(**more)
    if cloud == "gcp":
        return gcp(**more)
    address = f"https://{_name(index)}.example:6443"
    return {"existing": {"kubeconfig": f"{_name(index)}.yaml", "apiServerForPeers": address}}


def _peers(draw: st.DrawFn, name: str, networks: list[str]) -> list[str]:
    # Nobody makes a route between two clouds.
    cloud, far = name.partition("-")[0], {"aws", "gcp"}
    others = [one for one in networks if one > name and {cloud, one.partition("-")[0]} != far]
    return draw(st.lists(st.sampled_from(others), unique=True)) if others else []
