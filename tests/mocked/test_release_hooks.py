"""What is done around a release: never in its own way, and told in one line."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pulumi
import pytest
from meshtier.clouds.handle import ClusterHandle
from meshtier.clouds.release_hooks import release_hooks
from meshtier.plan.model import ReleasePlan

RELEASE = ReleasePlan(
    logical_name="link-one-istiod",
    name="istiod",
    namespace="istio-system",
    chart="istiod",
    repository=None,
    version=None,
    values={},
    labels={},
    wait=True,
)


def unregistered(name: str, callback: Callable[..., Any], options: object) -> Any:
    """A hook that no engine knows."""
    return SimpleNamespace(name=name, callback=callback)


def cluster() -> ClusterHandle:
    """A cluster that nobody reaches."""
    return ClusterHandle(
        name="one",
        provider=cast("Any", None),
        kubeconfig=pulumi.Output.from_input("no kubeconfig"),
        api_server=pulumi.Output.from_input(""),
    )


async def called_while_registrations_wait() -> None:
    """Call a hook while every thread of the loop stands in a registration that waits for it."""
    loop, done = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
    registration = loop.run_in_executor(None, done.wait)
    binding = release_hooks(RELEASE, cluster())
    assert binding is not None
    (hook,) = cast("list[Any]", binding.before_create)
    try:
        await asyncio.wait_for(hook.callback(None), 60)
    finally:
        done.set()
        await registration


def test_a_hook_needs_no_thread_that_a_registration_may_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi, "ResourceHook", unregistered)
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    asyncio.run(called_while_registrations_wait())
    assert told == [
        "one: release istiod: neither cleared of what a killed run left nor labelled: "
        "ConfigException"
    ]


def test_a_preview_registers_no_hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)

    async def bound() -> object:
        return release_hooks(RELEASE, cluster())

    assert asyncio.run(bound()) is None
