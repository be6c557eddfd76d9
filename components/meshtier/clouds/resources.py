"""Registers what the clouds are asked for, from its plan alone: no cloud is known here.

A cloud's SDK is imported when the first of its resources is registered, so nobody needs, or pays
for, the SDK of a cloud that the environment doesn't name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final, cast

import pulumi

from ..plan.resources import ResourcePlan
from .late import Made, resolve

Constructor = Callable[..., pulumi.Resource]

_PROVIDERS: Final = "pulumi:providers:"
_FREE_MAPS: Final = frozenset({"tags", "default_labels"})
"""Inputs of providers whose keys are the user's own."""


def register_resources(
    plans: Sequence[ResourcePlan], components: Mapping[str, pulumi.Resource]
) -> Made:
    """Register every resource of the clouds; each comes after those it names.

    `components` holds, by logical name, what the resources stand below.
    """
    made: dict[str, pulumi.Resource] = {}
    for plan in plans:
        made[plan.name] = constructor(plan.type)(
            plan.name,
            **_inputs(plan, made),
            opts=_options(plan, made, components[plan.parent]),
        )
    return made


@cache
def constructor(token: str) -> Constructor:
    """Return the SDK's class of a type token: `aws:ec2/vpc:Vpc` is `pulumi_aws.ec2.Vpc`.

    Raises ModuleNotFoundError for an SDK that isn't installed, AttributeError for an unknown type.
    """
    if token.startswith(_PROVIDERS):
        sdk = import_module(f"pulumi_{token.removeprefix(_PROVIDERS)}")
        return cast(Constructor, sdk.Provider)
    package, module, kind = token.split(":")
    folder = import_module(f"pulumi_{package}.{module.partition('/')[0]}")
    return cast(Constructor, getattr(folder, kind))


def _inputs(plan: ResourcePlan, made: Made) -> dict[str, Any]:
    is_provider = plan.type.startswith(_PROVIDERS)
    return resolve(_spelt(plan.args) if is_provider else plan.args, made)


def _spelt(value: Any, *, is_top: bool = True) -> Any:
    """Return a provider's inputs as the engine spells them, but for the names at the top.

    Elsewhere the SDK translates keys at any depth; a provider's it writes out as JSON as they are.
    """
    if isinstance(value, Mapping):
        content = cast("Mapping[str, Any]", value)
        return {
            key if is_top else _camel_case(key): (
                below if key in _FREE_MAPS else _spelt(below, is_top=False)
            )
            for key, below in content.items()
        }
    if isinstance(value, list | tuple):
        return [_spelt(below, is_top=False) for below in cast("Sequence[Any]", value)]
    return value


def _options(plan: ResourcePlan, made: Made, parent: pulumi.Resource) -> pulumi.ResourceOptions:
    minutes = plan.delete_minutes
    provider = cast("pulumi.ProviderResource", made[plan.provider]) if plan.provider else None
    return pulumi.ResourceOptions(
        parent=parent,
        provider=provider,
        depends_on=[made[name] for name in plan.depends_on],
        protect=protected(plan.protect),
        ignore_changes=[_camel_case(path) for path in plan.ignore_changes],
        replace_on_changes=[_camel_case(path) for path in plan.replace_on_changes],
        delete_before_replace=plan.delete_before_replace,
        custom_timeouts=pulumi.CustomTimeouts(delete=f"{minutes}m") if minutes else None,
    )


def protected(protect: bool) -> bool | None:
    """Return the option: what isn't protected by us may still be by whoever uses the package."""
    return protect or None


def _camel_case(path: str) -> str:
    """Return the engine's spelling of a path: the SDK translates its first name only."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), path)
