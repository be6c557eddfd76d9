"""How the stack and the peers reach the API server."""

from meshtier.plan.late import Ref, Text
from meshtier.plan.model import InsidePlan

from tests.support import gcp_clouds as gcp


def test_the_api_server_is_reached_with_googles_login_and_its_own_authority() -> None:
    access = gcp.planned(gcp.changed({})).access["pay"]
    address = Ref(resource="test-pay-control-plane", output="endpoint")
    assert access.server == Text(("https://", address))
    assert access.peers_server == access.server
    output = "master_auth.cluster_ca_certificate"
    assert access.authority == Ref(resource="test-pay-control-plane", output=output)
    assert access.login.command == "gke-gcloud-auth-plugin"
    assert access.login.args == ("--use_application_default_credentials",)
    assert access.login.provide_cluster_info


def test_what_carries_the_cluster_stands_as_long_as_anything_is_inside() -> None:
    document = gcp.changed({f"{gcp.PAY}/mesh/network": "eu"}, gcp.rich())
    assert set(gcp.planned(document).access["pay"].ready) == {
        *("test-pay-node-pool.general", "test-pay-node-pool.spare"),
        *("test-pay-node-role.node", "test-pay-nat"),
        *("test-pay-webhooks-rule", "test-pay-flat-rule"),
        "test-pay-gateway-address",
    }


def test_gke_needs_nothing_inside() -> None:
    assert gcp.planned(gcp.changed({})).inside["pay"] == InsidePlan()
