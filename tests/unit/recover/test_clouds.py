"""What a state says of cloud resources that a killed run was making."""

import shlex

from meshtier.recover.clouds import ID, imports

from .states import ENVIRONMENT, PARENT, creating, export

EKS = "aws:eks/cluster:Cluster"


def test_what_was_being_made_is_named_with_the_command_that_takes_it_over():
    (command,) = imports(export(creating(EKS, "prod-shop-control-plane")), "prod")
    provider = f"{ENVIRONMENT}$pulumi:providers:aws::prod-aws"
    assert shlex.split(command) == [
        *("pulumi", "import", EKS, "prod-shop-control-plane", ID),
        *("--parent", f"parent={PARENT}", "--provider", f"provider={provider}"),
        *("--protect=false", "--generate-code=false", "--stack", "prod"),
    ]


def test_what_is_inside_clusters_is_left_alone():
    assert imports(export(creating("kubernetes:core/v1:Secret", "cacerts")), "prod") == ()
