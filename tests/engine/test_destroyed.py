"""One `destroy`, and the clusters are as they were before the first `up`."""

import pytest

from .documents import MEMBERS
from .stage import NAMESPACES, OURS, Stage

pytestmark = [pytest.mark.engine, pytest.mark.spoils(2)]


def test_destroy_leaves_nothing(stage: Stage) -> None:
    stage.stand()
    before = stage.names(OURS)
    assert all(before[name] for name in MEMBERS), "else there is nothing to miss"
    stage.destroy().check()
    assert stage.remains() == {}
    assert not any(stage.names(OURS).values())


def test_no_definition_webhook_or_namespace_of_ours_is_left(stage: Stage) -> None:
    if stage.engine is not None:
        stage.destroy().check()
    for cluster, found in stage.names().items():
        kinds = {name.partition(" ")[0] for name in found}
        assert not {one for one in kinds if one.endswith("WebhookConfiguration")}, cluster
        assert "CustomResourceDefinition" not in kinds, cluster
        assert not found & {f"Namespace /{name}" for name in NAMESPACES}, cluster
