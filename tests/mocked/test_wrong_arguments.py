"""Arguments of the wrong shape: what is said of them, and never a value that may be secret."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import meshtier
import pulumi
import pytest

from tests.mocked.documents import document
from tests.mocked.test_refusals import environment, refusal
from tests.support.recorder import pem, record

MESH = {"id": "acme", "istio": {"version": "1.31.1"}}
NAMED = {"kubeconfig": "x", "network": "a", "api_server_for_peers": "https://a.example:6443"}
NEEDED = "allowed a mesh and its clusters; write it"
PEERS = (
    "clusters.one.apiServerForPeers: got nothing; allowed https://host:port, without path or "
    "credentials; write the address under which the other members' istiods reach its API server"
)
BOTH = (
    "allowed `certificate` and `key` of the member's intermediate; give both, or take the cluster "
    "out of the mesh"
)
SHAPE = (
    "allowed a mapping with rootCertificate and members, of which only texts may be late; write "
    "both keys"
)
CLUSTER = (
    "allowed a mapping with kubeconfig and network, of which only kubeconfig may be late; write "
    "its keys"
)


def trusting(trust: object) -> list[str]:
    """Return what is said about a given chain of trust."""
    asked = document({"trust": {"root": "provided"}})
    return refusal(environment({"environment": asked, "trust": trust}))


def mesh(args: dict[str, Any]) -> Callable[[], object]:
    """Return the program of one mesh over given clusters."""
    return lambda: meshtier.Mesh("link", args)  # pyright: ignore[reportArgumentType]


def root(got: str) -> str:
    """Return the line about the root's certificate."""
    path = "trust.rootCertificate"
    return f"{path}: got {got}; allowed the root's certificate, a PEM text; give it, as a secret"


def part(path: str, got: str) -> str:
    """Return the line about a certificate or a key of a member."""
    what = path.rpartition(".")[2]
    allowed = f"the {what} of the member's intermediate, a PEM text"
    return f"trust.members.{path}: got {got}; allowed {allowed}; give it, as a secret"


def test_a_provided_root_needs_a_chain_of_trust(folder: Path) -> None:
    assert trusting(None) == [
        "trust: got nothing; allowed the root certificate and one intermediate per member; give it "
        "beside the document, as secrets, or set `mesh.trust.root` to 'generated'"
    ]


@pytest.mark.parametrize(
    ("trust", "got"),
    [("CANARY", "a text"), (["CANARY"], "a value of another kind")],
)
def test_a_chain_of_trust_that_is_no_mapping_is_not_shown(
    folder: Path, trust: object, got: str
) -> None:
    assert trusting(trust) == [f"trust: got {got}; {SHAPE}"]


def test_a_chain_of_trust_that_is_late_as_a_whole_is_refused(folder: Path) -> None:
    asked = document({"trust": {"root": "provided"}})

    def program() -> None:
        late = pulumi.Output.from_input({"root_certificate": pem("root"), "members": {}})
        environment({"environment": asked, "trust": late})()

    got = "a value that is known only later"
    assert refusal(program) == [f"trust: got {got}; {SHAPE}"]


@pytest.mark.parametrize("trust", [{}, {"root_certificate": None, "members": {}}])
def test_an_empty_chain_of_trust_lacks_the_root_and_every_member(
    folder: Path, trust: object
) -> None:
    assert trusting(trust) == [
        root("nothing"),
        f"trust.members.eu-a: got nothing; {BOTH}",
        f"trust.members.us-b: got nothing; {BOTH}",
    ]


def test_members_that_are_no_mapping_are_told_once(folder: Path) -> None:
    assert trusting({"root_certificate": pem("root"), "members": ["CANARY"]}) == [
        "trust.members: got a value of another kind; allowed a mapping by the members' names, of "
        "which only texts may be late; write every intermediate under its member's name"
    ]


def test_every_part_of_a_chain_of_trust_that_is_missing_is_told_at_once(folder: Path) -> None:
    members = {"eu-a": {}, "us-b": {"certificate": "", "key": {"pem": "CANARY"}}}
    assert trusting({"root_certificate": 3, "members": members}) == [
        root("a value of another kind"),
        part("eu-a.certificate", "nothing"),
        part("eu-a.key", "nothing"),
        part("us-b.certificate", "an empty text"),
        part("us-b.key", "a mapping"),
    ]
    members["eu-a"] = "CANARY"  # pyright: ignore[reportArgumentType]
    lines = trusting({"root_certificate": pem("root"), "members": members})
    assert lines[0] == f"trust.members.eu-a: got a text; {BOTH}"


def test_a_chain_of_trust_may_be_late_and_hold_more_than_the_members(folder: Path) -> None:
    asked = document({"trust": {"root": "provided"}})

    def program() -> None:
        late = pulumi.Output.from_input(pem("root"))
        members = {name: {"certificate": late, "key": late} for name in ("eu-a", "us-b")}
        trust = {"root_certificate": late, "members": {**members, "gone": {}}}
        environment({"environment": asked, "trust": trust})()

    assert record(program).one("Secret", "prod-mesh-eu-a-cacerts")


@pytest.mark.parametrize(
    ("args", "got"), [({}, "nothing"), ({"environment": "{mesh: CANARY}"}, "a text")]
)
def test_an_environment_needs_its_document(args: dict[str, Any], got: str) -> None:
    said = f"environment: got {got}; allowed the environment document, a mapping; give it"
    assert refusal(environment(args)) == [said]


def test_a_cluster_of_a_mesh_needs_kubeconfig_and_network() -> None:
    kubeconfig = "allowed the content of a kubeconfig; give it, as a secret"
    clusters = {"one": {"kubeconfig": ""}, "two": NAMED, "three": "CANARY"}
    assert refusal(mesh({"mesh": MESH, "clusters": clusters})) == [
        f"clusters.one.kubeconfig: got an empty text; {kubeconfig}",
        f"clusters.three: got a text; {CLUSTER}",
        PEERS,
        "clusters.one.network: got nothing; allowed the name of the network the cluster's pods are "
        "on; write it here or in the defaults above, or set mesh.member to false",
    ]
    assert refusal(mesh({"mesh": MESH, "clusters": {"one": {"network": "a"}}})) == [
        f"clusters.one.kubeconfig: got nothing; {kubeconfig}"
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({}, "mesh: got nothing; allowed a mesh and its clusters; write it"),
        (
            {"clusters": {"one": NAMED}},
            "mesh: got nothing; allowed a mesh and its clusters; write it",
        ),
        ({"mesh": MESH}, "clusters: got nothing; allowed a mesh and its clusters; write it"),
        (
            {"mesh": MESH, "clusters": "CANARY"},
            "clusters: got a text; allowed a mapping by the members' names; write every cluster "
            "under its name",
        ),
    ],
)
def test_a_mesh_needs_its_settings_and_its_clusters(args: dict[str, Any], said: str) -> None:
    assert refusal(mesh(args)) == [said]


def test_a_mesh_over_given_clusters_is_refused_in_its_own_words() -> None:
    args: meshtier.MeshArgs = {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}},
        "clusters": {
            "one": {
                "kubeconfig": "x",
                "network": "a",
                "api_server_for_peers": "https://one.example:6443",
                "addresses": {"pods": "10.0.0.1/16"},
            },
            "two": {"kubeconfig": "x", "network": "a"},
        },
    }
    lines = refusal(lambda: meshtier.Mesh("link", args))
    assert [line.partition(":")[0] for line in lines] == [
        "clusters.one.addresses.pods",
        "clusters.two.apiServerForPeers",
    ]


def test_a_mesh_without_clusters_is_refused() -> None:
    args: meshtier.MeshArgs = {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}},
        "clusters": {},
    }
    (line,) = refusal(lambda: meshtier.Mesh("link", args))
    assert line.startswith("clusters: got nothing")
