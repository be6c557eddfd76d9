"""Every rule with a failing example and the exact lines it produces."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from meshtier.spec import load
from meshtier.spec.rules import ERRORS, WARNINGS, addresses, istio, labels, mesh, names, peers

from tests.unit.spec.documents import MISSING, changed, cluster, errors, loaded, warnings

SHOP = "seeds.eu.userClusters.shop"
PAY = "seeds.eu.userClusters.pay"
WEB = "seeds.us.userClusters.web"
LABEL = "allowed a lower-case letter, then letters, digits and '-', not ending in '-', at most"
DNS = (
    "allowed a DNS name in lower case such as acme.example; write a name without scheme, port or "
    "path"
)
NETWORK_LABEL = "allowed lower-case letters, digits and '-' inside, at most 63; rename the network"
KEY = "allowed [prefix/]name as Kubernetes has it, the name at most 63"
ADDRESS = "allowed https://host:port, without path or credentials"
ADDRESS_FORM = f"{ADDRESS}; write it such as https://api.example:6443"


@dataclass(frozen=True, kw_only=True)
class Example:
    """A document that breaks one rule, and all that is said about it."""

    rule: Callable[..., Any]
    changes: Mapping[str, Any]
    lines: tuple[str, ...]
    name: str = field(default="test")


def at(path: str) -> str:
    """Return a path as `changed` takes it."""
    return path.replace(".", "/")


def of_name(key: str, name: str) -> Example:
    return Example(
        rule=names.cluster_names,
        changes={f"seeds/eu/userClusters/{name}": cluster("other", 9)},
        lines=(f"{key}: got the name '{name}'; {LABEL} 36; rename the cluster",),
    )


NAMES = {
    "environment with capitals": Example(
        rule=names.environment_name,
        changes={},
        name="Test_1",
        lines=(f"stack name: got 'Test_1'; {LABEL} 63; name the stack so",),
    ),
    "environment over 63": Example(
        rule=names.environment_name,
        changes={},
        name="e" * 64,
        lines=(f"stack name: got '{'e' * 58}… (64 long); {LABEL} 63; name the stack so",),
    ),
    "cluster with a dot": of_name('seeds.eu.userClusters["a.b"]', "a.b"),
    "cluster with a digit first": of_name("seeds.eu.userClusters.1a", "1a"),
    "cluster with a dash last": of_name("seeds.eu.userClusters.a-", "a-"),
    "cluster with capitals": of_name("seeds.eu.userClusters.Shop", "Shop"),
    "cluster of 37": of_name(f"seeds.eu.userClusters.{'c' * 37}", "c" * 37),
    "master without a name": Example(
        rule=names.cluster_names,
        changes={"master/name": ""},
        lines=(f"master.name: got the name ''; {LABEL} 36; rename the cluster",),
    ),
    "user cluster named as another seed's": Example(
        rule=names.unique_names,
        changes={"seeds/us/userClusters/shop": cluster("other", 9)},
        lines=(
            f"seeds.us.userClusters.shop: got the name 'shop', which {SHOP} has too; allowed one "
            "cluster of a name in an environment; rename one of them",
        ),
    ),
    "user cluster named as the master": Example(
        rule=names.unique_names,
        changes={"seeds/us/userClusters/hq": cluster("other", 9)},
        lines=(
            "seeds.us.userClusters.hq: got the name 'hq', which master.name has too; allowed one "
            "cluster of a name in an environment; rename one of them",
        ),
    ),
}

MESH = {
    "member without a mesh": Example(
        rule=mesh.mesh_exists,
        changes={"mesh": MISSING, f"{at(SHOP)}/mesh/member": True},
        lines=(
            f"{SHOP}.mesh.member: got true in an environment without a mesh; allowed members "
            "where there is a mesh; write `mesh` at the top, or remove it here",
        ),
    ),
    "mesh id": Example(
        rule=mesh.mesh_names,
        changes={"mesh/id": "Acme Mesh"},
        lines=(
            "mesh.id: got 'Acme Mesh'; allowed lower-case letters, digits and '-' inside, at most "
            "63; choose such an id",
        ),
    ),
    "trust domain": Example(
        rule=mesh.mesh_names,
        changes={"mesh/trustDomain": "spiffe://acme.example"},
        lines=(f"mesh.trustDomain: got 'spiffe://acme.example'; {DNS}",),
    ),
    "cluster domain": Example(
        rule=mesh.mesh_names,
        changes={"mesh/clusterDomain": "cluster.local."},
        lines=(f"mesh.clusterDomain: got 'cluster.local.'; {DNS}",),
    ),
    "network name": Example(
        rule=mesh.network_names,
        changes={"seeds/us/defaults/mesh/network": "US East"},
        lines=(f"seeds.us.defaults.mesh.network: got the name 'US East'; {NETWORK_LABEL}",),
    ),
    "declared network name": Example(
        rule=mesh.network_names,
        changes={
            "mesh/networks": {"eu": {}, "us_1": {}},
            "seeds/us/defaults/mesh/network": "us_1",
        },
        lines=(f"mesh.networks.us_1: got the name 'us_1'; {NETWORK_LABEL}",),
    ),
    "undeclared network": Example(
        rule=mesh.networks_declared,
        changes={"mesh/networks": {"eu": {}, "us": {}}, f"{at(SHOP)}/mesh/network": "su"},
        lines=(
            f"{SHOP}.mesh.network: got 'su'; allowed eu or us; write one of them, or declare it "
            "under mesh.networks",
        ),
    ),
    "member without a network": Example(
        rule=mesh.members_have_networks,
        changes={"seeds/us/defaults": MISSING},
        lines=(
            f"{WEB}.mesh.network: got nothing; allowed the name of the network the cluster's pods "
            "are on; write it here or in the defaults above, or set mesh.member to false",
        ),
    ),
    "network without a gateway": Example(
        rule=mesh.networks_have_gateways,
        changes={"seeds/eu/defaults/mesh/gateway": {"enabled": False}},
        lines=(
            f"{PAY}.mesh.gateway.enabled: got network eu without a gateway in a mesh of 2 "
            "networks; allowed at least one gateway on each network; enable it on one member of eu",
        ),
    ),
    "intermediate as long as the root": Example(
        rule=mesh.intermediate_within_root,
        changes={"mesh/trust": {"rootValidityHours": 100, "intermediateValidityHours": 100}},
        lines=(
            "mesh.trust.intermediateValidityHours: got 100; allowed less than the root's 100; "
            "shorten it, or raise mesh.trust.rootValidityHours",
        ),
    ),
}

ISTIO = {
    "version too old": Example(
        rule=istio.supported_version,
        changes={"mesh/istio/version": "1.29.8"},
        lines=(
            "mesh.istio.version: got '1.29.8'; allowed versions of 1.30 and 1.31; write one of "
            "them",
        ),
    ),
    "version too new": Example(
        rule=istio.supported_version,
        changes={"mesh/istio/version": "1.32.0"},
        lines=(
            "mesh.istio.version: got '1.32.0'; allowed versions of 1.30 and 1.31; write one of "
            "them",
        ),
    ),
    "charts over plain HTTP": Example(
        rule=istio.chart_source,
        changes={"mesh/istio/charts": "http://charts.example"},
        lines=(
            "mesh.istio.charts: got 'http://charts.example'; allowed https://…, oci://… or a "
            "directory, without credentials; write it so; credentials belong into Helm's own "
            "registry configuration",
        ),
    ),
    "hub with a scheme": Example(
        rule=istio.image_hub,
        changes={"mesh/istio/hub": "https://docker.io/istio"},
        lines=(
            "mesh.istio.hub: got 'https://docker.io/istio'; allowed a registry and a path such as "
            "docker.io/istio; write it without scheme, tag or trailing slash",
        ),
    ),
    "owned value": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"global": {"meshID": "other"}}}},
        lines=(
            "mesh.istio.values.istiod.global.meshID: got a value that meshtier sets itself; "
            "allowed all other values of the chart; write mesh.id",
        ),
    ),
    "below an owned value": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"gateway": {"service": {"type": "NodePort"}}}},
        lines=(
            "mesh.istio.values.gateway.service: got a value that meshtier sets itself; allowed "
            "all other values of the chart; write mesh.gateway.annotations; the Service is not "
            "the chart's",
        ),
    ),
    "owned value replaced by nothing": Example(
        rule=istio.owned_values,
        changes={"mesh/istio/values": {"istiod": {"env": None}}},
        lines=(
            "mesh.istio.values.istiod.env: got a value that meshtier sets itself; allowed all "
            "other values of the chart; remove it; peers read with an account of their own, "
            "without Secrets",
        ),
    ),
    "owned value by the back door": Example(
        rule=istio.owned_values,
        changes={
            "mesh/istio/values": {
                "base": {"_internal_defaults_do_not_set": {"defaultRevision": "x"}}
            }
        },
        lines=(
            "mesh.istio.values.base._internal_defaults_do_not_set: got a value that meshtier sets "
            "itself; allowed all other values of the chart; remove it; write the value at the top "
            "instead",
        ),
    ),
}

ADDRESSES = {
    "no range": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "10.3.0.0"},
        lines=(
            f"{SHOP}.addresses.pods: got '10.3.0.0'; allowed a range in CIDR form such as "
            "10.32.0.0/16; write address, slash and prefix length",
        ),
    ),
    "prefix too long": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/services": "10.3.0.0/33"},
        lines=(
            f"{SHOP}.addresses.services: got '10.3.0.0/33'; allowed a range in CIDR form such as "
            "10.32.0.0/16; write address, slash and prefix length",
        ),
    ),
    "host bits": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "10.9.2.3/16"},
        lines=(
            f"{SHOP}.addresses.pods: got '10.9.2.3/16'; allowed a range without host bits, in its "
            "short form; write 10.9.0.0/16",
        ),
    ),
    "long IPv6 form": Example(
        rule=addresses.range_syntax,
        changes={f"{at(SHOP)}/addresses/pods": "fd00:0::/56"},
        lines=(
            f"{SHOP}.addresses.pods: got 'fd00:0::/56'; allowed a range without host bits, in its "
            "short form; write fd00::/56",
        ),
    ),
    "own pods and services": Example(
        rule=addresses.own_overlap,
        changes={"master/addresses": {"pods": "10.1.0.0/16", "services": "10.1.7.0/24"}},
        lines=(
            "master.addresses.services: got 10.1.7.0/24, which overlaps the cluster's own pods "
            "10.1.0.0/16; allowed pod and service ranges that are apart; choose another range",
        ),
    ),
    "pods and pods": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/pods": "10.4.0.128/25"},
        lines=(
            f"{SHOP}.addresses.pods: got 10.4.0.128/25, which overlaps pods 10.4.0.0/24 of pay on "
            "network eu; allowed ranges that nothing else on network eu uses; choose another range",
        ),
    ),
    "services and services": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/services": "10.4.1.0/24"},
        lines=(
            f"{SHOP}.addresses.services: got 10.4.1.0/24, which overlaps services 10.4.1.0/24 of "
            "pay on network eu; allowed ranges that nothing else on network eu uses; choose "
            "another range",
        ),
    ),
    "services and pods": Example(
        rule=addresses.overlap_in_network,
        changes={f"{at(SHOP)}/addresses/services": "10.4.0.0/22"},
        lines=(
            f"{SHOP}.addresses.services: got 10.4.0.0/22, which overlaps pods 10.4.0.0/24 of pay "
            "on network eu and 1 more; allowed ranges that nothing else on network eu uses; "
            "choose another range",
        ),
    ),
    "with a cluster outside the mesh on the same network": Example(
        rule=addresses.overlap_in_network,
        changes={"seeds/eu/mesh": {"network": "eu"}, f"{at(SHOP)}/addresses/pods": "10.2.0.0/24"},
        lines=(
            f"{SHOP}.addresses.pods: got 10.2.0.0/24, which overlaps pods 10.2.0.0/24 of eu on "
            "network eu; allowed ranges that nothing else on network eu uses; choose another range",
        ),
    ),
}


def of_address(address: str, shown: str | None = None) -> Example:
    return Example(
        rule=peers.api_server_form,
        changes={f"{at(SHOP)}/cloud/existing/apiServerForPeers": address},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got {shown or repr(address)}; "
            f"{ADDRESS_FORM}",
        ),
    )


def of_loopback(address: str) -> Example:
    return Example(
        rule=peers.api_server_not_loopback,
        changes={f"{at(SHOP)}/cloud/existing/apiServerForPeers": address},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got '{address}'; allowed an address that "
            "the other members' istiods reach; write the cluster's outside address, or set "
            "mesh.allowLoopbackPeers where all istiods share one machine",
        ),
    )


PEERS = {
    "two kubeconfigs": Example(
        rule=peers.one_kubeconfig,
        changes={"master/cloud/existing/kubeconfigKey": "hq"},
        lines=(
            "master.cloud.existing: got kubeconfig and kubeconfigKey; allowed exactly one of "
            "kubeconfig (a path) and kubeconfigKey (a secret); remove one",
        ),
    ),
    "no kubeconfig": Example(
        rule=peers.one_kubeconfig,
        changes={"master/cloud/existing": {"context": "hq"}},
        lines=(
            "master.cloud.existing: got no kubeconfig; allowed exactly one of kubeconfig (a path) "
            "and kubeconfigKey (a secret); write one",
        ),
    ),
    "the content of a kubeconfig": Example(
        rule=peers.kubeconfig_is_a_path,
        changes={"master/cloud/existing/kubeconfig": '{"apiVersion": "v1", "kind": "Config"}'},
        lines=(
            "master.cloud.existing.kubeconfig: got the content of a kubeconfig, which is not "
            "shown; allowed the path of a file; keep the content in a file, or in a secret config "
            "key named by kubeconfigKey",
        ),
    ),
    "a config key with its namespace": Example(
        rule=peers.kubeconfig_key_name,
        changes={"master/cloud/existing": {"kubeconfigKey": "meshtier:hq"}},
        lines=(
            "master.cloud.existing.kubeconfigKey: got 'meshtier:hq'; allowed the <name> of a "
            "config key meshtier:<name>: letters, digits, '-', '_' and '.', at most 60; name the "
            "key, and set its value with `pulumi config set --secret`",
        ),
    ),
    "a token as a config key": Example(
        rule=peers.kubeconfig_key_name,
        changes={"master/cloud/existing": {"kubeconfigKey": "t" * 61}},
        lines=(
            "master.cloud.existing.kubeconfigKey: got a value that is not shown; allowed the "
            "<name> of a config key meshtier:<name>: letters, digits, '-', '_' and '.', at most "
            "60; name the key, and set its value with `pulumi config set --secret`",
        ),
    ),
    "one kubeconfig for two": Example(
        rule=peers.distinct_clusters,
        changes={f"{at(SHOP)}/cloud/existing/kubeconfig": "./pay.yaml"},
        lines=(
            f"{SHOP}.cloud.existing.kubeconfig: got the same kubeconfig and context as {PAY}; "
            "allowed a cluster of its own for each name; name the kubeconfig or the context of "
            "shop",
        ),
    ),
    "one config key for two": Example(
        rule=peers.distinct_clusters,
        changes={
            "master/cloud/existing": {"kubeconfigKey": "all", "context": "hq"},
            "seeds/eu/cloud/existing": {"kubeconfigKey": "all", "context": "hq"},
        },
        lines=(
            "seeds.eu.cloud.existing.kubeconfigKey: got the same kubeconfigKey and context as "
            "master; allowed a cluster of its own for each name; name the kubeconfig or the "
            "context of eu",
        ),
    ),
    "no address for peers": Example(
        rule=peers.api_server_known,
        changes={f"{at(SHOP)}/cloud/existing": {"kubeconfig": "shop.yaml"}},
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got nothing; {ADDRESS}; write the address "
            "under which the other members' istiods reach its API server",
        ),
    ),
    "address over plain HTTP": of_address("http://shop.example:6443"),
    "address without a scheme": of_address("shop.example:6443"),
    "address without a host": of_address("https://:6443"),
    "address with an empty port": of_address("https://shop.example:"),
    "address with port 0": of_address("https://shop.example:0"),
    "address with a port too high": of_address("https://shop.example:65536"),
    "address with a path": of_address("https://shop.example:6443/k8s/clusters/1"),
    "address with a query": of_address("https://shop.example:6443?x=1"),
    "address with a space": of_address("https://shop .example:6443"),
    "address with credentials": of_address(
        "https://admin:hunter2@shop.example", "a value that is not shown"
    ),
    "address of localhost": of_loopback("https://localhost:6443"),
    "address on loopback": of_loopback("https://127.0.0.2:6443"),
    "address on IPv6 loopback": of_loopback("https://[::1]:6443"),
    "address of everything": of_loopback("https://0.0.0.0:6443"),
    "one address for two": Example(
        rule=peers.api_server_unique,
        changes={
            f"{at(PAY)}/cloud/existing/apiServerForPeers": "https://PAY.example",
            f"{at(SHOP)}/cloud/existing/apiServerForPeers": "https://pay.example:443",
        },
        lines=(
            f"{SHOP}.cloud.existing.apiServerForPeers: got 'https://pay.example:443', the address "
            f"of {PAY}; allowed an address of its own for each member; write the address of shop",
        ),
    ),
}

LABELS = {
    "label key": Example(
        rule=labels.label_keys,
        changes={"master/defaults": {"labels": {"Acme.example/tier": "a"}}},
        lines=(
            "master.defaults.labels[\"Acme.example/tier\"]: got the key 'Acme.example/tier'; "
            f"{KEY}; rename the label",
        ),
    ),
    "label value": Example(
        rule=labels.label_values,
        changes={"seeds/eu/defaults/labels": {"team": "web shop"}},
        lines=(
            "seeds.eu.defaults.labels.team: got 'web shop'; allowed letters, digits, '-', '_' and "
            "'.' inside, at most 63; shorten or re-spell it",
        ),
    ),
    "label of ours": Example(
        rule=labels.labels_not_reserved,
        changes={f"{at(SHOP)}/labels": {"meshtier.io/cluster": "pay"}},
        lines=(
            f"{SHOP}.labels[\"meshtier.io/cluster\"]: got the key 'meshtier.io/cluster'; allowed "
            "keys outside meshtier.io, istio.io and Istio's own; choose a key under a domain of "
            "your own",
        ),
    ),
    "label of Istio": Example(
        rule=labels.labels_not_reserved,
        changes={"seeds/us/labels": {"topology.istio.io/network": "us"}},
        lines=(
            'seeds.us.labels["topology.istio.io/network"]: got the key '
            "'topology.istio.io/network'; allowed keys outside meshtier.io, istio.io and Istio's "
            "own; choose a key under a domain of your own",
        ),
    ),
    "annotation key": Example(
        rule=labels.annotation_keys,
        changes={"master/defaults": {"mesh": {"gateway": {"annotations": {"a b": "x"}}}}},
        lines=(
            f"master.defaults.mesh.gateway.annotations[\"a b\"]: got the key 'a b'; {KEY}; rename "
            "the annotation",
        ),
    ),
}

REFUSED = {**NAMES, **MESH, **ISTIO, **ADDRESSES, **PEERS, **LABELS}

MANY = {
    f"seeds/eu/userClusters/more{number}": cluster(f"more{number}", 20 + number)
    for number in range(7)
}


def of_version(version: str, symptom: str, safe: str) -> Example:
    return Example(
        rule=istio.version_with_safe_rotation,
        changes={"mesh/istio/version": version},
        lines=(
            f"mesh.istio.version: got '{version}', where rotating remote Secrets {symptom}; "
            f"allowed {safe} or later without that risk; write '{safe}'",
        ),
    )


LOSES = "can lose endpoints (istio/istio#60612, #60920, #61043)"
LEAKS = "leaks memory (istio/istio#57269, #60033)"

WARNED = {
    "mesh without members": Example(
        rule=mesh.mesh_has_members,
        changes={"master/defaults": {"mesh": {"member": False}}},
        lines=(
            "mesh: got a mesh without members, which makes nothing; allowed a mesh that clusters "
            "join; add user clusters, or set mesh.member where clusters are to join",
        ),
    ),
    "unused network": Example(
        rule=mesh.networks_are_used,
        changes={"mesh/networks": {"eu": {}, "us": {}, "asia": {}}},
        lines=(
            "mesh.networks.asia: got a network that no cluster is on; allowed networks that "
            "clusters are on; remove it, or name it as some cluster's mesh.network",
        ),
    ),
    "overlap across networks": Example(
        rule=addresses.overlap_across_networks,
        changes={f"{at(WEB)}/addresses/pods": "10.4.0.0/23"},
        lines=(
            f"{WEB}.addresses.pods: got 10.4.0.0/23, which overlaps pods 10.4.0.0/24 of pay on "
            "network eu and 1 more; allowed such an overlap only while the networks stay apart; "
            "choose another range if the networks may ever be joined",
        ),
    ),
    "1.30.3": of_version("1.30.3", LOSES, "1.30.5"),
    "1.30.4": of_version("1.30.4", LEAKS, "1.30.5"),
    "1.31.0": of_version("1.31.0", LEAKS, "1.31.1"),
    "ten members": Example(
        rule=istio.watches_of_a_full_mesh,
        changes=MANY,
        lines=(
            "mesh: got 10 members, hence 90 remote watches by each set of istiod replicas; "
            "allowed any number, at that price; plan memory and API load for it, or split the "
            "environment",
        ),
    ),
}


def test_the_document_the_examples_spoil_is_taken_without_a_word():
    assert errors({}) == []
    assert warnings({}) == []


@pytest.mark.parametrize("example", REFUSED)
def test_a_broken_rule_is_told_in_exactly_these_lines(example: str):
    broken = REFUSED[example]
    assert errors(broken.changes, broken.name) == list(broken.lines)


@pytest.mark.parametrize("example", WARNED)
def test_a_risk_is_told_in_exactly_these_lines_and_the_document_is_taken(example: str):
    assert warnings(WARNED[example].changes) == list(WARNED[example].lines)


@pytest.mark.parametrize("example", [*REFUSED, *WARNED])
def test_without_its_rule_nothing_is_said(example: str, monkeypatch: pytest.MonkeyPatch):
    broken = {**REFUSED, **WARNED}[example]
    for registry, rules in (("ERRORS", ERRORS), ("WARNINGS", WARNINGS)):
        rest = tuple(rule for rule in rules if rule is not broken.rule)
        monkeypatch.setattr(importlib.import_module("meshtier.spec.load"), registry, rest)
    assert errors(broken.changes, broken.name) == [], "each rule is the only one that sees it"
    assert loaded(broken.changes, broken.name).warnings == ()


def test_every_rule_has_an_example():
    shown = {example.rule for example in (*REFUSED.values(), *WARNED.values())}
    assert shown == {*ERRORS, *WARNINGS}


TAKEN = {
    "a name of 36": {f"seeds/eu/userClusters/{'c' * 36}": cluster("other", 9)},
    "overlaps of clusters whose network is unknown": {
        "master/addresses/pods": "10.2.0.0/24",
    },
    "ranges of different families": {f"{at(SHOP)}/addresses/pods": "fd00:a::/56"},
    "one kubeconfig with two contexts": {
        f"{at(SHOP)}/cloud/existing/kubeconfig": "pay.yaml",
        f"{at(SHOP)}/cloud/existing/context": "shop",
    },
    "a loopback address where that is allowed": {
        "mesh/allowLoopbackPeers": True,
        f"{at(SHOP)}/cloud/existing/apiServerForPeers": "https://127.0.0.1:6443",
    },
    "a loopback address of a cluster outside the mesh": {
        "master/cloud/existing/apiServerForPeers": "https://127.0.0.1:6443",
    },
    "no address of a cluster outside the mesh": {
        "master/cloud/existing": {"kubeconfig": "hq.yaml"},
    },
    "one gateway for two members": {f"{at(SHOP)}/mesh": {"gateway": {"enabled": False}}},
    "no gateways on a single network": {
        "master/defaults": {"mesh": {"gateway": {"enabled": False}}},
        "seeds/us/defaults/mesh/network": "eu",
    },
    "values beside the owned ones": {
        "mesh/istio/values": {
            "istiod": {"env": {"PILOT_TRACE_SAMPLING": "1"}, "global": {"proxy": {}}},
            "gateway": {"labels": {"acme.example/tier": "edge"}},
        }
    },
    "charts of a directory": {"mesh/istio/charts": ".lab/local/charts"},
    "charts of a registry": {"mesh/istio/charts": "oci://ghcr.io/istio/release/charts"},
    "a mirror with a port": {"mesh/istio/hub": "mirror.example:5000/istio_1/release"},
    "an environment without a mesh": {"mesh": MISSING},
    "an empty label value": {"master/labels": {"acme.example/canary": ""}},
}


@pytest.mark.parametrize("example", TAKEN)
def test_what_breaks_no_rule_is_taken_without_a_word(example: str):
    assert errors(TAKEN[example]) == []
    assert warnings(TAKEN[example]) == []


def test_a_single_member_needs_no_address_for_peers():
    changes = {
        "seeds/us": MISSING,
        at(PAY): MISSING,
        f"{at(SHOP)}/cloud/existing": {"kubeconfig": "shop.yaml"},
    }
    assert errors(changes) == []


def test_a_default_that_is_wrong_is_told_once_where_it_stands():
    changes = {
        "mesh/networks": {"eu": {}, "us": {}},
        "seeds/eu/defaults/mesh/network": "ue",
    }
    assert errors(changes) == [
        "seeds.eu.defaults.mesh.network: got 'ue'; allowed eu or us; write one of them, or "
        "declare it under mesh.networks"
    ]


def test_all_broken_rules_are_told_at_once():
    changes: dict[str, Any] = {}
    for example in (*ISTIO.values(), LABELS["label of Istio"], ADDRESSES["own pods and services"]):
        changes.update(example.changes)
    changes["mesh/istio/values"] = {"gateway": {"name": "other", "revision": "x"}}
    assert [line.partition(": ")[0] for line in errors(changes)] == [
        "mesh.istio.version",
        "mesh.istio.charts",
        "mesh.istio.hub",
        "mesh.istio.values.gateway.name",
        "mesh.istio.values.gateway.revision",
        "master.addresses.services",
        'seeds.us.labels["topology.istio.io/network"]',
    ]


def test_a_document_is_not_changed_by_reading_it():
    written = changed({})
    load(written, name="test")
    assert written == changed({})
