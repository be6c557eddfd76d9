"""What is said about a document of the wrong shape."""

import pytest
from meshtier.errors import SpecError
from meshtier.spec import load

from tests.unit.spec.documents import MISSING, document, errors

LEVELS = "allowed three levels: master, seeds, userClusters under a seed"
EXISTING = "kubeconfig, kubeconfigKey, context or apiServerForPeers"

EXAMPLES = {
    "a misspelt key": (
        {"mesh/trustDomian": "acme.example"},
        "mesh.trustDomian: got an unknown key; allowed id, trustDomain, clusterDomain, istio, "
        "trust, networks or allowLoopbackPeers; write trustDomain",
    ),
    "a key in snake case": (
        {"mesh/trust_domain": "acme.example"},
        "mesh.trust_domain: got an unknown key; allowed id, trustDomain, clusterDomain, istio, "
        "trust, networks or allowLoopbackPeers; write trustDomain",
    ),
    "a key nothing resembles": (
        {"colour": "blue"},
        "colour: got an unknown key; allowed mesh, master or seeds; remove it",
    ),
    "a key of the block below": (
        {"seeds/us/cloud": {"kubeconfig": "us.yaml"}},
        "seeds.us.cloud.kubeconfig: got an unknown key; allowed existing; write it under existing",
    ),
    "a secret in the document": (
        {"master/cloud/existing/token": "hunter2"},
        f"master.cloud.existing.token: got an unknown key; allowed {EXISTING}; remove it; "
        "secrets are config keys of their own (`pulumi config set --secret`)",
    ),
    "a key of a block in a map of blocks": (
        {"seeds/eu/userClusters/shop/mesh/gateway": {"replica": 1}},
        "seeds.eu.userClusters.shop.mesh.gateway.replica: got an unknown key; allowed enabled, "
        "replicas or annotations; write replicas",
    ),
    "a provider of a later version": (
        {"seeds/us/cloud": {"gcp": {"project": "acme"}}},
        "seeds.us.cloud.gcp: got provider gcp; allowed existing; make the cluster yourself and "
        "name it under `existing`; gcp comes with a later version",
    ),
    "no provider": (
        {"seeds/us/cloud": {}},
        "seeds.us.cloud: got no provider; allowed exactly one of existing, with its content; "
        "write for example `existing: {kubeconfig: path/of/the.kubeconfig}`",
    ),
    "a provider without content": (
        {"seeds/us/cloud": {"existing": None}},
        "seeds.us.cloud: got an empty provider block; allowed exactly one of existing, with its "
        "content; write for example `existing: {kubeconfig: path/of/the.kubeconfig}`",
    ),
    "no cloud": (
        {"seeds/us/cloud": MISSING},
        "seeds.us.cloud: got nothing; allowed a mapping with existing; write it",
    ),
    "no master": (
        {"master": MISSING},
        "master: got nothing; allowed a mapping with mesh, labels, existingObjects, cloud, "
        "addresses, name or defaults; write it",
    ),
    "no name": ({"master/name": MISSING}, "master.name: got nothing; allowed a value; write it"),
    "a list of masters": (
        {"master": [{"name": "hq"}]},
        "master: got a list; allowed exactly one master, a mapping; write the one master; others "
        "are seeds",
    ),
    "masters": (
        {"masters": {}},
        f"masters: got a second master; {LEVELS}; make it a seed, or an environment of its own",
    ),
    "a master under a seed": (
        {"seeds/eu/master": {}},
        f"seeds.eu.master: got a second master; {LEVELS}; make it a seed, or an environment of "
        "its own",
    ),
    "seeds under a seed": (
        {"seeds/eu/seeds": {}},
        f"seeds.eu.seeds: got seeds below another cluster; {LEVELS}; move them to `seeds` at the "
        "top",
    ),
    "seeds under the master": (
        {"master/seeds": {}},
        f"master.seeds: got seeds below another cluster; {LEVELS}; move them to `seeds` at the top",
    ),
    "user clusters under the master": (
        {"master/userClusters": {}},
        f"master.userClusters: got user clusters directly under the master; {LEVELS}; move them "
        "under a seed",
    ),
    "user clusters at the top": (
        {"userClusters": {}},
        f"userClusters: got user clusters without a seed; {LEVELS}; move them under a seed",
    ),
    "user clusters under a user cluster": (
        {"seeds/eu/userClusters/shop/userClusters": {}},
        f"seeds.eu.userClusters.shop.userClusters: got user clusters under a user cluster; "
        f"{LEVELS}; move them under the seed; if this cluster is to carry them, make it a seed",
    ),
    "a list of seeds": (
        {"seeds": [{"name": "eu"}]},
        "seeds: got a list; allowed a mapping by name; write every entry under its name",
    ),
    "an empty block": (
        {"seeds": None},
        "seeds: got nothing; allowed a mapping; write its keys, or remove it",
    ),
    "a text for a block": (
        {"seeds/eu/addresses": "10.0.0.0/8"},
        "seeds.eu.addresses: got '10.0.0.0/8'; allowed a mapping; write its keys",
    ),
    "a number for a text": (
        {"mesh/istio/version": 1.31},
        "mesh.istio.version: got 1.31; allowed a text; put it in quotes",
    ),
    "a mapping for a text": (
        {"mesh/id": {}},
        "mesh.id: got a mapping; allowed a text; write a text",
    ),
    "a version of two numbers": (
        {"mesh/istio/version": "1.31"},
        "mesh.istio.version: got '1.31'; allowed a version of three numbers such as '1.31.1'; "
        "write all three numbers",
    ),
    "a misspelt choice": (
        {"mesh/trust": {"algorithm": "ECDSA-P265"}},
        "mesh.trust.algorithm: got 'ECDSA-P265'; allowed 'ECDSA-P256' or 'RSA-4096'; write "
        "'ECDSA-P256'",
    ),
    "a choice nothing resembles": (
        {"master/existingObjects": 7},
        "master.existingObjects: got 7; allowed 'refuse' or 'adopt'; write one of them",
    ),
    "true for a number": (
        {"master/mesh": {"gateway": {"replicas": True}}},
        "master.mesh.gateway.replicas: got true; allowed a whole number; write digits without "
        "quotes",
    ),
    "a text for a number": (
        {"master/mesh": {"gateway": {"replicas": "2"}}},
        "master.mesh.gateway.replicas: got '2'; allowed a whole number; write digits without "
        "quotes",
    ),
    "half a gateway": (
        {"master/mesh": {"gateway": {"replicas": 1.5}}},
        "master.mesh.gateway.replicas: got 1.5; allowed a whole number; write digits without "
        "quotes",
    ),
    "no gateways": (
        {"master/mesh": {"gateway": {"replicas": 0}}},
        "master.mesh.gateway.replicas: got 0; allowed 1 or more; raise it",
    ),
    "too many gateways": (
        {"master/mesh": {"gateway": {"replicas": 101}}},
        "master.mesh.gateway.replicas: got 101; allowed 100 or less; lower it",
    ),
    "a word for true": (
        {"master/mesh": {"member": "yes"}},
        "master.mesh.member: got 'yes'; allowed true or false; write true or false without quotes",
    ),
    "a number as a label": (
        {"master/labels": {"acme.example/tier": 1}},
        'master.labels["acme.example/tier"]: got 1; allowed a text; put it in quotes',
    ),
    "a value beside a key that hints a secret": (
        {"master/labels": {"api-token": 5551234}},
        "master.labels.api-token: got a value that is not shown; allowed a text; put it in quotes",
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_wrong_shape_is_named_with_what_is_allowed_and_what_to_do(example: str):
    changes, line = EXAMPLES[example]
    assert errors(changes) == [line]


def test_a_document_that_is_not_a_mapping_of_blocks_is_named_at_the_block():
    assert errors({"mesh": "acme", "master": 1}) == [
        "mesh: got 'acme'; allowed a mapping; write its keys",
        "master: got 1; allowed exactly one master, a mapping; write the one master; others are "
        "seeds",
    ]


def test_shape_and_rules_are_reported_together_in_the_documents_order():
    changes = {
        "seeds/us/userClusters/web/addresses/pods": "10.6.0.7/24",
        "mesh/istio/version": "1.12.0",
        "master/labels": {"acme.example/tier": 1},
        "seeds/eu/userClusters/shop/addresses/pods": "10.3.0.0/33",
    }
    assert [line.partition(": ")[0] for line in errors(changes)] == [
        "mesh.istio.version",
        'master.labels["acme.example/tier"]',
        "seeds.eu.userClusters.shop.addresses.pods",
        "seeds.us.userClusters.web.addresses.pods",
    ], "one run shows a user everything there is to mend"


def test_what_only_follows_from_a_misspelt_key_is_not_reported_too():
    changes = {
        "seeds/us/defaults": MISSING,
        "seeds/us/userClusters/web/mesh": {"netwrok": "us"},
    }
    assert errors(changes) == [
        "seeds.us.userClusters.web.mesh.netwrok: got an unknown key; allowed member, network, "
        "gateway or wait; write network"
    ], "the missing network is the same mistake"


def test_what_only_follows_from_a_key_one_block_too_high_is_not_reported_too():
    changes = {"seeds/us/defaults": MISSING, "seeds/us/userClusters/web/network": "us"}
    assert errors(changes) == [
        "seeds.us.userClusters.web.network: got an unknown key; allowed mesh, labels, "
        "existingObjects, cloud or addresses; write it under mesh"
    ], "the missing network is the same mistake"


def test_no_rule_speaks_about_a_document_that_lacks_a_whole_cluster():
    changes = {"seeds/eu": "eu", "mesh/istio/version": "1.12.0"}
    assert errors(changes) == ["seeds.eu: got 'eu'; allowed a mapping; write its keys"]


SECRETS = {
    "a multi-line text": "apiVersion: v1\nhunter2",
    "a PEM block": "-----BEGIN " + "PRIVATE KEY-----hunter2",
    "a JSON web token": "eyJhbGciOi.hunter2",
    "a URL with credentials": "https://admin:hunter2@api.example",
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "place",
    [
        "mesh/id",
        "mesh/istio/charts",
        "mesh/istio/hub",
        "mesh/trustDomain",
        "master/name",
        "master/existingObjects",
        "master/addresses",
        "master/cloud/existing/kubeconfig",
        "master/cloud/existing/kubeconfigKey",
        "seeds/eu/userClusters/shop/cloud/existing/apiServerForPeers",
        "seeds/eu/userClusters/shop/mesh/network",
        "seeds/eu/userClusters/shop/addresses/pods",
        "seeds/eu/userClusters/shop/mesh/member",
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_without_being_printed(secret: str, place: str):
    lines = errors({place: SECRETS[secret]})
    assert lines, "it is refused"
    assert "hunter2" not in "\n".join(lines), "the error is read in logs and pull requests"


def test_a_long_value_is_cut():
    line = errors({"mesh/id": "x" * 200})[0]
    assert line == (
        f"mesh.id: got '{'x' * 58}… (200 long); allowed lower-case letters, digits and '-' "
        "inside, at most 63; choose such an id"
    )


def test_a_key_that_is_not_a_text_is_named_not_crashed_on():
    spoiled = document()
    spoiled["seeds"][7] = spoiled["seeds"].pop("us")
    with pytest.raises(SpecError) as caught:
        load(spoiled, name="test")
    assert [problem.path for problem in caught.value.problems] == ["seeds[7]"]


def test_a_number_sent_as_a_float_is_taken():
    spoiled = document()
    spoiled["master"]["defaults"] = {"mesh": {"gateway": {"replicas": 3.0}}}
    member = load(spoiled, name="test").members()[0].member
    assert member is not None
    assert member.gateway_replicas == 3, "component hosts send every number as a float"
