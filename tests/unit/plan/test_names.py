"""Logical names: one reading each, whatever the clusters are called."""

from collections import Counter
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from meshtier.plan import names
from meshtier.plan.environment import plan_environment
from meshtier.plan.inventory import planned_resources
from meshtier.spec.environment import EnvironmentSpec

from tests.support.environments import cluster_names, environments, three_levels

ROLES = (
    *names.TIER_ROLES,
    *names.MEMBER_ROLES,
    *(names.generation(role, 1) for role in names.CERTIFICATE_ROLES),
    *(names.generation(role, 11) for role in names.CERTIFICATE_ROLES),
    *(names.generation(role, 1) for role in (names.ROOT_KEY, names.ROOT_CERTIFICATE)),
)


def test_no_role_ends_in_another_role() -> None:
    clashes = [
        (long, short) for long, short in permutations(ROLES, 2) if long.endswith(f"-{short}")
    ]
    assert clashes == [], "a cluster `a-<rest>` could spell the name of cluster `a`"


@given(st.lists(cluster_names(), min_size=2, max_size=2, unique=True))
def test_two_clusters_never_share_a_name(pair: list[str]) -> None:
    left, right = ({names.child(names.tier("env", name), role) for role in ROLES} for name in pair)
    assert left.isdisjoint(right)


@given(environments())
def test_type_and_name_are_unique_in_any_environment(spec: EnvironmentSpec) -> None:
    counted = Counter(planned_resources(plan_environment(spec)))
    assert [planned for planned, count in counted.items() if count > 1] == []


# A contract: a changed line replaces resources in every stack that exists.
OF_ONE_MEMBER = [
    ("kubernetes:core/v1:ConfigMap", "test-us-shop-record-in-master"),
    ("kubernetes:core/v1:ConfigMap", "test-us-shop-record-in-seed"),
    ("meshtier:index:UserCluster", "test-us-shop"),
    ("pulumi:providers:kubernetes", "test-us-shop-provider"),
    ("tls:index/privateKey:PrivateKey", "test-mesh-trust-us-shop-ca-key-g1"),
    ("tls:index/certRequest:CertRequest", "test-mesh-trust-us-shop-ca-request-g1"),
    (
        "tls:index/locallySignedCert:LocallySignedCert",
        "test-mesh-trust-us-shop-ca-certificate-g1",
    ),
    ("meshtier:index:MeshMember", "test-mesh-us-shop"),
    ("kubernetes:core/v1:Namespace", "test-mesh-us-shop-istio-namespace"),
    ("kubernetes:helm.sh/v3:Release", "test-mesh-us-shop-istio-crds"),
    ("kubernetes:core/v1:Secret", "test-mesh-us-shop-cacerts"),
    ("kubernetes:helm.sh/v3:Release", "test-mesh-us-shop-istio-base"),
    ("kubernetes:helm.sh/v3:Release", "test-mesh-us-shop-istiod"),
    (
        "kubernetes:security.istio.io/v1:PeerAuthentication",
        "test-mesh-us-shop-peer-authentication",
    ),
    ("kubernetes:helm.sh/v3:Release", "test-mesh-us-shop-east-west-gateway"),
    ("kubernetes:core/v1:Service", "test-mesh-us-shop-east-west-service"),
    (
        "kubernetes:networking.istio.io/v1:Gateway",
        "test-mesh-us-shop-cross-network-gateway",
    ),
    ("kubernetes:core/v1:ServiceAccount", "test-mesh-us-shop-reader-account"),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "test-mesh-us-shop-reader-role",
    ),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "test-mesh-us-shop-reader-binding",
    ),
    ("kubernetes:core/v1:Secret", "test-mesh-us-shop-reader-token"),
    ("kubernetes:core/v1:Secret", "test-mesh-us-shop-remote-secret"),
]


def test_names_of_one_member_are_these() -> None:
    planned = planned_resources(plan_environment(three_levels()))
    about = [one for one in planned if "us-shop" in one.name]
    assert [tuple(one) for one in about] == OF_ONE_MEMBER


def test_names_that_stand_once_are_these() -> None:
    plan = plan_environment(three_levels())
    assert plan.mesh is not None
    assert plan.mesh.name == "test-mesh"
    assert plan.mesh.trust_name == "test-mesh-trust"
    assert plan.mesh.tls_provider_name == "test-mesh-tls"
    assert plan.mesh.trust.root.key_name == "test-mesh-trust-root-key-g1"
    assert plan.mesh.trust.root.certificate_name == "test-mesh-trust-root-certificate-g1"
    namespace = plan.cluster("hq").namespace
    assert namespace is not None
    assert namespace.logical_name == "test-hq-records-namespace"
