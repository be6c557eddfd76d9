"""What is read out of a preview: operations and names, never a value."""

import pytest
from meshtier.errors import SpecError
from meshtier.plan.dump import plain
from meshtier.review import digest
from meshtier.review.engine import Op, Operation, read_preview
from meshtier.review.guard import lost

from .previews import (
    HIDDEN,
    LEAVING,
    MESH_EU_SHOP,
    PROVIDER,
    RAISED,
    SECRET,
    TIER,
    TIER_EU_PAY,
    printed,
    replaced,
    step,
    urn,
)


def test_each_resource_is_one_operation_also_when_it_is_replaced_in_three_steps() -> None:
    steps = [
        *replaced(PROVIDER, "local-eu-pay-provider", TIER_EU_PAY, "clusterIdentifier"),
        step("update", SECRET, "local-mesh-eu-shop-cacerts", MESH_EU_SHOP, diff=["data", "a.b"]),
        step("same", SECRET, "local-mesh-eu-shop-remote-secret", MESH_EU_SHOP),
    ]
    preview = read_preview(printed(*steps, same=41), "x")
    assert preview.operations == (
        Operation(
            op=Op.REPLACE,
            type=PROVIDER,
            name="local-eu-pay-provider",
            cluster="eu-pay",
            changed=("clusterIdentifier",),
            reasons=("clusterIdentifier",),
        ),
        Operation(
            op=Op.UPDATE,
            type=SECRET,
            name="local-mesh-eu-shop-cacerts",
            cluster="eu-shop",
            changed=("data", "a.b"),
            reasons=(),
        ),
    )
    assert preview.counts() == {Op.UPDATE: 1, Op.REPLACE: 1}
    assert preview.unchanged == 41
    assert digest.summary(preview) == "1 to update, 1 to replace, 41 unchanged"


def test_the_rest_of_an_earlier_replacement_is_cleaned_up_and_nothing_is_lost() -> None:
    """A run was killed after the new one was made and before the old one was deleted."""
    rest = step("delete-replaced", PROVIDER, "local-eu-pay-provider", TIER_EU_PAY)
    update = step("update", PROVIDER, "local-eu-pay-provider", TIER_EU_PAY, diff=["kubeconfig"])
    for steps, op in (([rest], Op.CLEAN_UP), ([rest, update], Op.UPDATE)):
        preview = read_preview(printed(*steps), "x")
        assert [one.op for one in preview.operations] == [op]
        assert lost(preview) == ()


@pytest.mark.parametrize(
    ("kind", "name", "parent", "cluster"),
    [
        (TIER, "local-eu-pay", "", "eu-pay"),
        (SECRET, "local-mesh-mesh-2-cacerts", urn("meshtier:index:MeshMember", "local-mesh-mesh-2"),
         "mesh-2"),
        ("aws:ec2/eip:Eip", "local-eu-pay-nat-address.a", TIER_EU_PAY, "eu-pay"),
        ("tls:index/privateKey:PrivateKey", "local-mesh-trust-eu-pay-ca-key-g12", "", "eu-pay"),
        ("tls:index/privateKey:PrivateKey", "local-mesh-trust-root-key-g1", "", ""),
        ("pulumi:providers:tls", "local-mesh-tls", urn("meshtier:index:Mesh", "local-mesh"), ""),
    ],
)  # fmt: skip
def test_a_resource_belongs_to_the_cluster_of_its_nearest_tier_or_member(
    kind: str, name: str, parent: str, cluster: str
) -> None:
    (operation,) = read_preview(printed(step("create", kind, name, parent)), "x").operations
    assert operation.cluster == cluster


def test_parents_of_parents_are_asked_too() -> None:
    inner = urn("meshtier:index:Inner", "local-inner")
    steps = [
        step("create", "meshtier:index:Inner", "local-inner", TIER_EU_PAY),
        step("create", SECRET, "local-leaf", inner),
    ]
    assert [one.cluster for one in read_preview(printed(*steps), "x").operations] == ["eu-pay"] * 2


def test_no_value_is_ever_read_out() -> None:
    preview = read_preview(printed(*LEAVING, *RAISED), "x")
    lines = "".join(line.text for line in digest.lines(preview))
    assert HIDDEN not in str(plain(preview)) + lines
    assert "local-mesh-eu-shop-cacerts: data" in lines


def test_lines_stand_under_their_cluster() -> None:
    preview = read_preview(printed(*LEAVING[:1], *RAISED), "x")
    assert [f"{line.mark} {line.text}" for line in digest.lines(preview)] == [
        "@@ eu-pay @@",
        "- delete Release local-mesh-eu-pay-istiod",
        "@@ eu-shop @@",
        "+ create PrivateKey local-mesh-trust-eu-shop-ca-key-g2",
        "- delete PrivateKey local-mesh-trust-eu-shop-ca-key-g1",
        "~ update Secret local-mesh-eu-shop-cacerts: data",
    ]


def test_long_lists_of_paths_are_counted() -> None:
    many = step("update", SECRET, "x", diff=[f"p{number}" for number in range(9)])
    (_, line) = digest.lines(read_preview(printed(many), "x"))
    assert line.text == "update Secret x: p0, p1, p2, p3, p4, p5 and 3 more"


def test_a_preview_that_stopped_says_why() -> None:
    errors = ["\n  error: kubeconfig: got nothing\n  more", "-----BEGIN PRIVATE KEY-----"]
    preview = read_preview(printed(errors=errors), "x")
    assert preview.errors == ("error: kubeconfig: got nothing", "a value that is not shown")


def test_nothing_to_do_is_said() -> None:
    assert digest.summary(read_preview(printed(same=84), "x")) == "nothing to do, 84 unchanged"


@pytest.mark.parametrize("text", ["", "error: no stack selected", "[]", "{}", '{"steps": []}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SpecError) as refusal:
        read_preview(text, "preview.json")
    assert str(refusal.value) == (
        "preview.json: got something that is not a preview; allowed the output of "
        "`pulumi preview --json`; write it with `pulumi preview --json > FILE`; what stopped it "
        "stands above"
    )
