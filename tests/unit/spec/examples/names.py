"""Broken rules about names."""

from meshtier.spec.rules import names

from tests.unit.spec.documents import cluster
from tests.unit.spec.examples.example import SHOP, Example

LABEL = "allowed a lower-case letter, then letters, digits and '-', not ending in '-', at most"


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
