"""What a lab's description refuses, word for word, and what it hands out."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest

from lab import record
from lab.errors import LabError
from lab.spec import ClusterLab, LabSpec, Mode
from tests.lab.specs import noded

NOWHERE = Path("/nowhere")


@pytest.mark.parametrize(
    ("clusters", "message"),
    [
        (
            (ClusterLab(name="a"), ClusterLab(name="a")),
            "clusters.a: got two clusters of this name; allowed one; rename one",
        ),
        ((), "clusters: got 0; allowed 1 to 16; split the lab"),
        (
            (ClusterLab(name="A"),),
            "clusters.A: got 'A'; allowed lower-case letters, digits and dashes, 40 at most; "
            "rename it",
        ),
        (
            (ClusterLab(name="a", nodes=True),),
            "clusters.a.pods: got none; allowed a range; nodes need one",
        ),
        (
            (ClusterLab(name="a", pods=IPv4Network("10.96.1.0/24")),),
            "clusters.a.pods: got 10.96.1.0/24; allowed outside 10.96.0.0/16; move it",
        ),
        (
            (ClusterLab(name="a", services=IPv4Network("172.30.0.0/16")),),
            "clusters.a.services: got 172.30.0.0/16; allowed outside the site's 172.30.99.0/24; "
            "move it",
        ),
        (
            (ClusterLab(name="a", index=16),),
            "clusters: got index 16; allowed 0 to 15, each once; change it",
        ),
    ],
)
def test_a_mistake_is_named(clusters: tuple[ClusterLab, ...], message: str) -> None:
    with pytest.raises(LabError) as refused:
        LabSpec(name="lab", directory=NOWHERE, clusters=clusters)
    assert str(refused.value) == message


def test_pod_ranges_may_overlap_only_across_networks() -> None:
    LabSpec(name="lab", directory=NOWHERE, clusters=(noded("a", "eu", 1), _twin("b", "us")))
    with pytest.raises(LabError) as refused:
        LabSpec(name="lab", directory=NOWHERE, clusters=(noded("a", "eu", 1), _twin("b", "eu")))
    assert str(refused.value) == (
        "clusters.a.pods: got 10.201.0.0/24; allowed outside 10.201.0.0/24 of b, same network; "
        "move one\n"
        "clusters.b.pods: got 10.201.0.0/24; allowed outside 10.201.0.0/24 of a, same network; "
        "move one"
    )


def test_load_balancer_blocks_of_a_full_lab_stay_in_their_range_and_apart() -> None:
    spec = LabSpec(name="lab", directory=NOWHERE, clusters=(ClusterLab(name="a"),))
    blocks = [spec.balancers(index) for index in range(16)]
    addresses = [address for block in blocks for address in block]
    machines = [spec.machine(index) for index in range(16)]
    assert len({*addresses, *machines, spec.gateway}) == 16 * 8 + 16 + 1
    assert max(int(address.rpartition(".")[2]) for address in addresses) < 255


def test_a_new_cluster_takes_the_lowest_free_place_and_nobody_moves() -> None:
    clusters = (ClusterLab(name="a"), ClusterLab(name="fixed", index=1), ClusterLab(name="c"))
    spec = LabSpec(name="lab", directory=NOWHERE, clusters=clusters)
    known = record.Record(spec=spec, tools={})
    assert [known.index(about) for about in clusters] == [0, 1, 2]
    known.forget("a")
    assert known.index(clusters[2]) == 2
    assert known.index(ClusterLab(name="d")) == 0


def test_a_record_is_read_back_as_it_was(tmp_path: Path) -> None:
    spec = LabSpec(
        name="lab", directory=tmp_path, clusters=(noded("a", "eu", 1),), mode=Mode.CONTROL_PLANE
    )
    known = record.Record(
        spec=spec, tools={"etcd": Path("/bin/etcd")}, indexes={"a": 3}, ports={"a/api": 21000}
    )
    known.save()
    assert record.load(tmp_path) == known


def _twin(name: str, network: str) -> ClusterLab:
    return ClusterLab(
        name=name,
        network=network,
        nodes=True,
        pods=IPv4Network("10.201.0.0/24"),
        services=IPv4Network("10.120.0.0/16"),
    )
