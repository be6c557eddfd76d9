"""What is said about a document of the wrong shape."""

import pytest
from meshtier.errors import SpecError
from meshtier.spec import load

from tests.unit.spec.documents import MISSING, document, errors
from tests.unit.spec.examples.shape import SHAPES


@pytest.mark.parametrize("example", SHAPES)
def test_a_wrong_shape_is_named_with_what_is_allowed_and_what_to_do(example: str):
    changes, line = SHAPES[example]
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
        "seeds/eu/colour": "blue",
    }
    assert [line.partition(": ")[0] for line in errors(changes)] == [
        "mesh.istio.version",
        'master.labels["acme.example/tier"]',
        "seeds.eu.userClusters.shop.addresses.pods",
        "seeds.eu.colour",
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
