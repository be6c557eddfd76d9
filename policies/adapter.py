"""Rules as Pulumi's policies: its proxies become plain data, our lines become its violations."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import (
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError
from rules.rule import UNKNOWN, Resource, Rule, StackRule


def resource_policy(rule: Rule) -> ResourceValidationPolicy:
    """Return the policy that asks `rule` about one resource."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = Resource(type=args.resource_type, name=args.name, props=plain(args.props))
        for line in rule.judge(resource, plain(args.get_config())):
            report(line, None)

    return ResourceValidationPolicy(
        name=rule.name,
        description=rule.description,
        validate=validate,
        config_schema=_schema(rule.settings),
        severity=Severity(rule.severity),
    )


def stack_policy(rule: StackRule) -> StackValidationPolicy:
    """Return the policy that asks `rule` about all resources of a stack."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        resources = {one.urn: _resource(one) for one in args.resources}
        urns = {id(resource): urn for urn, resource in resources.items()}
        for about, line in rule.judge(list(resources.values()), plain(args.get_config())):
            report(line, urns[id(about)])

    return StackValidationPolicy(
        name=rule.name,
        description=rule.description,
        validate=validate,
        config_schema=_schema(rule.settings),
        severity=Severity(rule.severity),
    )


def plain(value: Any) -> Any:
    """Return proxied properties as plain data; what a preview can't know is UNKNOWN."""
    if isinstance(value, Mapping):
        return {key: _looked_up(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_looked_up(value, at) for at in range(len(value))]
    return value


def _looked_up(container: Any, key: Any) -> Any:
    # The proxies raise at the lookup of an unknown value, and nowhere else.
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def _resource(seen: PolicyResource) -> Resource:
    return Resource(
        type=seen.resource_type,
        name=seen.name,
        props=plain(seen.props),
        provider=seen.provider.urn if seen.provider else "",
    )


def _schema(settings: Mapping[str, Mapping[str, Any]]) -> PolicyConfigSchema | None:
    if not settings:
        return None
    return PolicyConfigSchema(properties={name: dict(one) for name, one in settings.items()})
