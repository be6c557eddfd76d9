"""What a state says of objects that a killed run was making, and how it goes on."""

from meshtier.recover.clusters import next_up, unwritten

from .states import creating, export


def test_what_was_being_made_is_named_by_type_and_logical_name():
    state = export(
        creating("kubernetes:core/v1:Secret", "prod-mesh-shop-cacerts"),
        creating("aws:eks/cluster:Cluster", "prod-shop-control-plane"),
    )
    assert unwritten(state) == ("kubernetes:core/v1:Secret prod-mesh-shop-cacerts",)


def test_only_an_up_that_has_to_may_write_over_what_exists():
    assert next_up("prod", takes_over=False) == "pulumi up --stack prod"
    takes_over = next_up("prod", takes_over=True)
    assert takes_over == "PULUMI_K8S_UPSERT_EXISTING_OBJECTS=true pulumi up --stack prod"
