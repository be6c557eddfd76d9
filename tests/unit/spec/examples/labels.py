"""Broken rules about labels and annotations."""

from meshtier.spec.rules import labels

from tests.unit.spec.examples.example import SHOP, Example, at

KEY = "allowed [prefix/]name as Kubernetes has it, the name at most 63"


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
