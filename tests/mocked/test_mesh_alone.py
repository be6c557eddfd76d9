"""A mesh over given clusters: the same members as in an environment, and no hierarchy."""

from typing import Any

import meshtier
import pulumi
import pytest

from tests.mocked.documents import kubeconfig, mesh
from tests.support.recorder import Recorder, record

CLUSTERS: dict[str, meshtier.MeshCluster] = {
    "one": {
        "kubeconfig": kubeconfig("one"),
        "network": "a",
        "api_server_for_peers": "https://one.example:6443",
    },
    "two": {
        "kubeconfig": kubeconfig("two"),
        "network": "b",
        "api_server_for_peers": "https://two.example:6443",
        "wait": False,
        "existing_objects": "adopt",
    },
}


def args(**settings: Any) -> meshtier.MeshArgs:
    """Two given clusters on two networks."""
    return {
        "mesh": {"id": "acme", "istio": {"version": "1.31.1"}, **settings},
        "clusters": CLUSTERS,
    }


def registered(seen: Recorder) -> set[str]:
    """The components a program registered."""
    return {one.type.rpartition(":")[2] for one in seen.registered if not one.is_custom}


def test_nothing_of_a_hierarchy_is_made() -> None:
    seen, _ = mesh(args())
    assert registered(seen) == {"Mesh", "TrustRoot", "MeshMember"}
    assert seen.of("ConfigMap") == []


def test_each_member_has_its_own_provider_below_the_mesh() -> None:
    seen, _ = mesh(args())
    providers = {one.name: one.inputs for one in seen.of("kubernetes")}
    assert sorted(providers) == ["link-one-provider", "link-two-provider"]
    assert providers["link-one-provider"]["kubeconfig"] == kubeconfig("one")
    assert providers["link-one-provider"]["clusterIdentifier"] == "link/one"
    assert providers["link-two-provider"]["upsertExistingObjects"] == "true"
    for name in CLUSTERS:
        held = [one for one in seen.registered if one.parent == f"link-{name}"]
        assert {one.provider for one in held} == {f"link-{name}-provider"}
    assert {one.secrets for one in seen.of("kubernetes")} == {frozenset({"kubeconfig"})}


def test_what_exists_is_taken_over_in_one_run_where_the_user_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def adopting() -> list[object]:
        return [one.inputs.get("upsertExistingObjects") for one in mesh(args())[0].of("kubernetes")]

    assert adopting() == [None, "true"], "a setting of ours would stand above the user's"
    monkeypatch.setenv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true")
    assert adopting() == ["true", "true"]


def test_what_is_done_around_helm_fails_no_run_and_is_no_part_of_previews(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hooks: list[pulumi.ResourceHook] = []
    original = pulumi.ResourceHook

    def kept(*arguments: Any) -> pulumi.ResourceHook:
        hooks.append(original(*arguments))
        return hooks[-1]

    monkeypatch.setattr(pulumi, "ResourceHook", kept)
    mesh(args())
    purposes = {hook.name.rpartition(":")[2] for hook in hooks}
    assert purposes == {"creation", "update", "labels"}, "a deletion would need the program"
    assert all(hook.opts and hook.opts.ignore_errors for hook in hooks)
    assert not any(hook.opts and hook.opts.on_dry_run for hook in hooks)


def test_settings_of_a_cluster_reach_its_plan() -> None:
    seen, _ = mesh(args())
    assert seen.one("Release", "link-one-istiod").inputs["skipAwait"] is False
    assert seen.one("Release", "link-two-istiod").inputs["skipAwait"] is True


def test_objects_tell_their_cluster_and_no_level() -> None:
    seen, _ = mesh(args())
    labels = seen.one("Namespace", "link-one-istio-namespace").inputs["metadata"]["labels"]
    assert labels["meshtier.io/cluster"] == "one"
    assert labels["meshtier.io/environment"] == "link"
    assert "meshtier.io/level" not in labels


def test_a_mesh_tells_what_it_made() -> None:
    _, outputs = mesh(args())
    assert outputs["mesh_id"] == "acme"
    assert outputs["networks"] == {"a": ["one"], "b": ["two"]}
    assert sorted(outputs["gateways"]) == ["one", "two"]
    assert sorted(outputs["expiry"]) == ["one", "root", "two"]


def test_a_kubeconfig_that_is_known_only_later_is_taken() -> None:
    late: dict[str, meshtier.MeshCluster] = {
        "one": {**CLUSTERS["one"], "kubeconfig": pulumi.Output.from_input("late")}
    }
    seen = record(lambda: meshtier.Mesh("link", {"mesh": args()["mesh"], "clusters": late}))
    assert seen.of("kubernetes")[0].inputs["kubeconfig"] == "late"


def test_the_names_above_the_clusters_give_way_to_the_clusters_own() -> None:
    taken: dict[str, meshtier.MeshCluster] = {
        "above-1": CLUSTERS["one"],
        "above-2": CLUSTERS["two"],
    }
    seen, _ = mesh({"mesh": args()["mesh"], "clusters": taken})
    assert sorted(one.name for one in seen.of("MeshMember")) == ["link-above-1", "link-above-2"]
