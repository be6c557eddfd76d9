"""Clusters that clouds make: how they are reached, what comes before them, what they tell."""

import base64
import json

import pytest

from tests.mocked.documents import made
from tests.support.recorder import Recorder

CLOUDS = ("aws", "gcp")
LOGINS = {
    "aws": ("aws", ["eks", "get-token", "--cluster-name", "prod-eu-a"]),
    "gcp": ("gke-gcloud-auth-plugin", ["--use_application_default_credentials"]),
}
ADDRESSES = {
    "aws": [f"publicIp of prod-eu-a-gateway-address.eu-central-1{zone}" for zone in "abc"],
    "gcp": ["address of prod-eu-a-gateway-address"],
}


def waited_for(seen: Recorder, name: str) -> set[str]:
    """Return everything that stands as long as the resource does."""
    by_name = {one.name: one for one in seen.registered}
    found, todo = set[str](), [name]
    while todo:
        one = by_name[todo.pop()]
        new = {*one.depends_on, one.provider} - found - {""}
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_kubeconfig_asks_the_clouds_own_command_for_credentials(cloud: str) -> None:
    seen, outputs = made(cloud)
    provider = seen.one("kubernetes", "prod-eu-a-provider")
    kubeconfig = json.loads(provider.inputs["kubeconfig"])
    (user,) = kubeconfig["users"]
    command, tail = LOGINS[cloud]
    assert set(user["user"]) == {"exec"}, "no token, no certificate"
    assert user["user"]["exec"]["command"] == command
    assert " ".join(tail) in " ".join(user["user"]["exec"]["args"])
    assert "prod-eu-a-control-plane" in kubeconfig["clusters"][0]["cluster"]["server"]
    assert "kubeconfig" in provider.secrets
    assert outputs["kubeconfigs"]["eu-a"] == provider.inputs["kubeconfig"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_made_cluster_keeps_its_identity_when_its_kubeconfig_is_unknown(cloud: str) -> None:
    provider = made(cloud)[0].one("kubernetes", "prod-eu-a-provider")
    assert provider.inputs["clusterIdentifier"] == "prod/eu-a"
    assert provider.parent == "prod-eu-a"


@pytest.mark.parametrize(
    ("cloud", "parts"),
    [
        (
            "aws",
            (
                *("control-plane", "nodes.general", "admin-policy", "addon.coredns"),
                *("private-way-out.eu-central-1a", "nat.eu-central-1a", "internet-gateway"),
                *("gateway-guard", "pod-policy.aws-load-balancer-controller", "vpc"),
            ),
        ),
        (
            "gcp",
            (
                *("control-plane", "node-pool.general", "nat", "nat-address.1", "router"),
                *("webhooks-rule", "gateway-address", "node-subnet", "network"),
            ),
        ),
    ],
)
def test_a_destroy_empties_a_cluster_before_it_takes_its_ground_away(
    cloud: str, parts: tuple[str, ...]
) -> None:
    seen, _ = made(cloud)
    ground = {f"prod-eu-a-{part}" for part in parts}
    inside = [one for one in seen.registered if one.provider == "prod-eu-a-provider"]
    assert len(inside) >= 14
    assert all(ground <= waited_for(seen, one.name) for one in inside)


@pytest.mark.parametrize(
    ("cloud", "way_in", "nodes"),
    [("aws", "admin-policy", "nodes.general"), ("gcp", "control-plane", "node-pool.general")],
)
def test_a_provider_waits_for_the_way_in_and_not_for_nodes(
    cloud: str, way_in: str, nodes: str
) -> None:
    waited = waited_for(made(cloud)[0], "prod-eu-a-provider")
    assert f"prod-eu-a-{way_in}" in waited
    assert f"prod-eu-a-{nodes}" not in waited, "the engine ends a run that skips a provider"


def test_load_balancers_go_before_what_makes_them() -> None:
    seen, _ = made("aws")
    controller = seen.one("Release", "prod-eu-a-load-balancer-controller")
    assert (controller.parent, controller.provider) == ("prod-eu-a", "prod-eu-a-provider")
    assert "prod-eu-a-storage-class" in controller.depends_on
    service = seen.one("Service", "prod-mesh-eu-a-east-west-service")
    assert controller.name in service.depends_on


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_istiod_is_told_the_fixed_addresses(cloud: str) -> None:
    seen, outputs = made(cloud)
    for name in ("eu-a", "us-b"):
        values = seen.one("Release", f"prod-mesh-{name}-istiod").inputs["values"]
        gateways = values["global"]["meshNetworks"]["a"]["gateways"]
        assert [one["address"] for one in gateways] == ADDRESSES[cloud]
    assert outputs["gateways"]["eu-a"] == ",".join(ADDRESSES[cloud])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_istiod_reads_a_gateways_address_from_its_service(cloud: str) -> None:
    (service,) = [one for one in made(cloud)[0].of("Service") if "eu-a" in one.name]
    assert "topology.istio.io/network" not in service.inputs["metadata"]["labels"]


def test_late_annotations_name_what_the_load_balancer_takes() -> None:
    service = made("aws")[0].one("Service", "prod-mesh-eu-a-east-west-service")
    (addresses,) = [
        value
        for key, value in service.inputs["metadata"]["annotations"].items()
        if key.endswith("eip-allocations")
    ]
    assert addresses.split(",") == [
        f"allocationId of prod-eu-a-gateway-address.eu-central-1{zone}" for zone in "abc"
    ]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_peers_read_a_made_cluster_with_a_token_under_its_address_for_peers(cloud: str) -> None:
    secret = made(cloud)[0].one("Secret", "prod-mesh-us-b-remote-secret")
    content = json.loads(base64.b64decode(secret.inputs["data"]["eu-a"]))
    assert "prod-eu-a-control-plane" in content["clusters"][0]["cluster"]["server"]
    assert set(content["users"][0]["user"]) == {"token"}, "nothing signed by the cloud"


def test_one_environment_spans_clouds_and_what_exists(folder: object) -> None:
    seen, outputs = made("existing", "gcp", "aws")
    providers = {name: one["provider"] for name, one in outputs["clusters"].items()}
    assert providers == {"hq": "existing", "eu": "gcp", "eu-a": "aws", "us-b": "existing"}
    istiod = seen.one("Release", "prod-mesh-us-b-istiod")
    networks = istiod.inputs["values"]["global"]["meshNetworks"]
    assert sorted(networks) == ["a"], "the other gateway's address is read from its Service"
    assert outputs["gateways"]["us-b"] == "address of prod-mesh-us-b-east-west-service"


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        ("aws", 'metadata.annotations["service.beta.kubernetes.io/aws-load-balancer-scheme"]'),
        ("gcp", "spec.loadBalancerClass"),
    ],
)
def test_a_gateway_of_another_kind_is_another_service(provider: str, path: str) -> None:
    services = made(provider)[0].of("Service")
    gateways = [one.replaced_by for one in services if one.type.startswith("kubernetes:")]
    assert gateways == [{path}] * len(gateways)
    assert gateways
