"""The life of an object: created, unchanged, changed, replaced, deleted, and seen from outside."""

from collections.abc import Callable

import pytest

from lab.kubectl import Kubectl, KubectlError

from .conftest import Stack

pytestmark = pytest.mark.contract

TWO = """
    k8s.core.v1.ConfigMap("settings", metadata=about("settings"), data={"colour": "%s"}, opts=opts)
    k8s.core.v1.ServiceAccount(
        "reader", metadata=about("reader", labels={"tier": "%s"}), opts=opts
    )
"""


def test_an_object_is_created_kept_changed_replaced_and_deleted(
    stack: Stack, kubectl: Kubectl
) -> None:
    ns = stack.namespace
    first = stack.up(TWO % ("red", "one"))
    assert first.changes == {"create": 4}
    assert kubectl.get("configmap", "settings", "-n", ns)["data"] == {"colour": "red"}

    again = stack.up(TWO % ("red", "one"))
    assert again.changes == {}

    before = kubectl.get("serviceaccount", "reader", "-n", ns)["metadata"]["uid"]
    changed = stack.up(TWO % ("red", "two"))
    assert changed.changes == {"update": 1}
    after = kubectl.get("serviceaccount", "reader", "-n", ns)["metadata"]
    assert after["labels"] == {"tier": "two"}
    assert after["uid"] == before, "a label is changed in place"

    before = kubectl.get("configmap", "settings", "-n", ns)["metadata"]["uid"]
    replaced = stack.up(TWO % ("blue", "two"))
    assert replaced.changes == {"replace": 1}
    live = kubectl.get("configmap", "settings", "-n", ns)
    assert live["data"] == {"colour": "blue"}
    assert live["metadata"]["uid"] != before, "a ConfigMap's data is immutable by default"

    stack.engine.destroy().check()
    for kind, name in (("configmap", "settings"), ("serviceaccount", "reader")):
        with pytest.raises(KubectlError, match="not found"):
            kubectl.get(kind, name, "-n", ns)


def test_a_field_that_the_program_drops_is_removed(stack: Stack, kubectl: Kubectl) -> None:
    with_two = """
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"a": "1", "b": "2"}), opts=opts)
    """
    stack.up(with_two)
    stack.up(with_two.replace(', "b": "2"', ""))
    live = kubectl.get("serviceaccount", "reader", "-n", stack.namespace)
    assert live["metadata"]["labels"] == {"a": "1"}


def test_data_changes_in_place_where_the_provider_says_so(
    make_stack: Callable[..., Stack], kubectl: Kubectl
) -> None:
    stack = make_stack(enable_config_map_mutable=True, enable_secret_mutable=True)
    body = """
        k8s.core.v1.ConfigMap("c", metadata=about("c"), data={"key": "%s"}, opts=opts)
        k8s.core.v1.Secret("s", metadata=about("s"), string_data={"key": "%s"}, opts=opts)
    """
    stack.up(body % ("one", "one"))
    done = stack.up(body % ("two", "two"))
    assert done.changes == {"update": 2}
    assert kubectl.get("secret", "s", "-n", stack.namespace)["data"] == {"key": "dHdv"}


def test_an_object_without_a_name_gets_one_and_keeps_it(stack: Stack) -> None:
    body = """
        made = k8s.core.v1.ConfigMap(
            "settings", metadata={"namespace": NS}, data={"colour": "%s"}, opts=opts)
        pulumi.export("name", made.metadata["name"])
    """
    stack.up(body % "red")
    name = stack.engine.outputs()["name"]
    assert name.startswith("settings-")
    assert stack.up(body % "red").changes == {}
    stack.up(body % "blue")
    assert stack.engine.outputs()["name"] != name, "created before the old one is deleted"


def test_ignored_changes_stay_as_the_cluster_has_them(stack: Stack, kubectl: Kubectl) -> None:
    body = """
        ignoring = pulumi.ResourceOptions(
            provider=provider, ignore_changes=["metadata.labels.owner"])
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"owner": "us", "tier": "%s"}),
            opts=ignoring)
    """
    ns = stack.namespace
    stack.up(body % "one")
    kubectl.run("label", "serviceaccount", "reader", "-n", ns, "--overwrite", "owner=them")
    stack.up(body % "two")
    labels = kubectl.get("serviceaccount", "reader", "-n", ns)["metadata"]["labels"]
    assert labels == {"owner": "them", "tier": "two"}, "an update sends what the cluster has"
    assert stack.engine.refresh().check().changes == {}
    assert stack.up(body % "two").changes == {}


def test_refresh_reports_only_what_the_program_set(
    make_stack: Callable[..., Stack], kubectl: Kubectl
) -> None:
    stack = make_stack(enable_patch_force=True)
    body = """
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"tier": "one"}), opts=opts)
    """
    ns = stack.namespace
    stack.up(body)
    assert stack.engine.refresh().check().changes == {}

    note = ("--field-manager=somebody", "other.example/note=theirs")
    kubectl.run("annotate", "serviceaccount", "reader", "-n", ns, *note)
    stack.engine.refresh().check()
    assert stack.preview(body).changes == {}, "a field that the program never set isn't drift"

    kubectl.run("label", "serviceaccount", "reader", "-n", ns, "--overwrite", "tier=changed")
    refreshed = stack.engine.refresh().check()
    assert refreshed.changes == {"update": 1}
    assert stack.up(body).changes == {"update": 1}
    live = kubectl.get("serviceaccount", "reader", "-n", ns)["metadata"]
    assert live["labels"] == {"tier": "one"}
    assert live["annotations"] == {"other.example/note": "theirs"}


def test_a_field_that_somebody_else_manages_is_not_overwritten(
    stack: Stack, kubectl: Kubectl
) -> None:
    body = """
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"tier": "one"}), opts=opts)
    """
    theirs = ("--overwrite", "--field-manager=somebody", "tier=theirs")
    stack.up(body)
    kubectl.run("label", "serviceaccount", "reader", "-n", stack.namespace, *theirs)
    stack.engine.refresh().check()
    done = stack.up(body, expect_failure=True)
    assert done.returncode != 0
    assert 'conflict with "somebody"' in done.output
    live = kubectl.get("serviceaccount", "reader", "-n", stack.namespace)["metadata"]
    assert live["labels"] == {"tier": "theirs"}


def test_a_field_that_somebody_edited_with_kubectl_is_set_back(
    stack: Stack, kubectl: Kubectl
) -> None:
    body = """
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"tier": "one"}), opts=opts)
    """
    stack.up(body)
    kubectl.run(
        "label", "serviceaccount", "reader", "-n", stack.namespace, "tier=theirs", "--overwrite"
    )
    stack.engine.refresh().check()
    stack.up(body)
    live = kubectl.get("serviceaccount", "reader", "-n", stack.namespace)["metadata"]
    assert live["labels"] == {"tier": "one"}


def test_a_field_of_an_object_from_elsewhere_goes_when_the_program_drops_it(
    make_stack: Callable[..., Stack], kubectl: Kubectl
) -> None:
    stack = make_stack(upsert_existing_objects=True)
    made = ("create", "serviceaccount", "reader", "-n", stack.namespace)
    kubectl.run(*made, "--field-manager=pulumi-kubernetes-0000")
    kubectl.run(
        *("label", "serviceaccount", "reader", "-n", stack.namespace, "a=1", "b=2"),
        "--field-manager=pulumi-kubernetes-0000",
    )
    body = """
        k8s.core.v1.ServiceAccount(
            "reader", metadata=about("reader", labels={"a": "1", "b": "2"}), opts=opts)
    """
    stack.up(body)
    stack.up(body.replace(', "b": "2"', ""))
    live = kubectl.get("serviceaccount", "reader", "-n", stack.namespace)
    assert live["metadata"]["labels"] == {"a": "1"}


def test_a_custom_resource_lives_and_goes_with_its_definition(
    stack: Stack, kubectl: Kubectl
) -> None:
    group = f"{stack.namespace}.example"
    body = f"""
        definition = k8s.apiextensions.v1.CustomResourceDefinition(
            "widgets", metadata={{"name": "widgets.{group}"}}, opts=opts,
            spec={{
                "group": "{group}", "scope": "Cluster",
                "names": {{"kind": "Widget", "plural": "widgets"}},
                "versions": [{{
                    "name": "v1", "served": True, "storage": True,
                    "schema": {{"open_apiv3_schema": {{
                        "type": "object", "x_kubernetes_preserve_unknown_fields": True}}}}}}]}})
        k8s.apiextensions.CustomResource(
            "one", api_version="{group}/v1", kind="Widget", metadata={{"name": "one"}},
            spec={{"size": %d}},
            opts=pulumi.ResourceOptions(provider=provider, depends_on=[definition]))
    """
    stack.up(body % 1)
    assert kubectl.get(f"widgets.{group}", "one")["spec"] == {"size": 1}
    definition = kubectl.get("crd", f"widgets.{group}")["spec"]["versions"][0]
    schema = definition["schema"]["openAPIV3Schema"]
    assert schema == {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    stack.engine.refresh().check()
    assert stack.up(body % 1).changes == {}
    assert stack.up(body % 2).changes == {"update": 1}
    assert kubectl.get(f"widgets.{group}", "one")["spec"] == {"size": 2}
    stack.engine.destroy().check()
    with pytest.raises(KubectlError, match="not found"):
        kubectl.get("crd", f"widgets.{group}")


def test_refresh_forgets_a_deleted_object_and_up_makes_it_again(
    stack: Stack, kubectl: Kubectl
) -> None:
    body = 'k8s.core.v1.ConfigMap("c", metadata=about("c"), data={"a": "b"}, opts=opts)'
    stack.up(body)
    kubectl.run("delete", "configmap", "c", "-n", stack.namespace)
    assert stack.engine.refresh().check().changes == {"delete": 1}
    assert stack.up(body).changes == {"create": 1}


def test_a_quantity_that_the_server_spells_otherwise_is_no_change(stack: Stack) -> None:
    body = """
        k8s.core.v1.ResourceQuota(
            "quota", metadata=about("quota"), opts=opts,
            spec={"hard": {"limits.memory": "2048Mi", "requests.cpu": "1000m"}})
    """
    stack.up(body)
    stack.engine.refresh().check()
    assert stack.preview(body).changes == {}


def test_an_existing_object_is_refused(stack: Stack, kubectl: Kubectl) -> None:
    kubectl.run("create", "configmap", "taken", "-n", stack.namespace, "--from-literal=a=theirs")
    body = 'k8s.core.v1.ConfigMap("c", metadata=about("taken"), data={"a": "ours"}, opts=opts)'
    done = stack.up(body, expect_failure=True)
    assert done.returncode != 0
    assert 'configmaps "taken" already exists' in done.output
    assert kubectl.get("configmap", "taken", "-n", stack.namespace)["data"] == {"a": "theirs"}
    assert not [one for one in stack.engine.resources() if one["urn"].endswith("::c")]


def test_an_existing_object_is_taken_over_where_the_provider_says_so(
    make_stack: Callable[..., Stack], kubectl: Kubectl
) -> None:
    stack = make_stack(upsert_existing_objects=True)
    kubectl.run("create", "configmap", "taken", "-n", stack.namespace, "--from-literal=b=theirs")
    stack.up('k8s.core.v1.ConfigMap("c", metadata=about("taken"), data={"a": "ours"}, opts=opts)')
    live = kubectl.get("configmap", "taken", "-n", stack.namespace)
    assert live["data"] == {"a": "ours", "b": "theirs"}


def test_an_object_that_the_server_refuses_fails_with_its_reason(stack: Stack) -> None:
    body = """
        k8s.core.v1.Service(
            "s", metadata=about("s"), opts=opts,
            spec={"type": "ClusterIP", "ports": [{"port": 99999}]})
    """
    done = stack.up(body, expect_failure=True)
    assert done.returncode != 0
    assert "must be between 1 and 65535" in done.output


def test_an_object_can_be_imported(stack: Stack, kubectl: Kubectl) -> None:
    kubectl.run("create", "configmap", "old", "-n", stack.namespace, "--from-literal=a=b")
    body = """
        k8s.core.v1.ConfigMap(
            "old", metadata=about("old"), data={"a": "b"},
            opts=pulumi.ResourceOptions(provider=provider, import_=f"{NS}/old"))
    """
    done = stack.up(body)
    assert done.changes.get("import") == 1
    assert stack.up(body).changes == {}
