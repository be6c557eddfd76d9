"""Examples of the rule about who may call."""

from typing import Any

from .examples import Example, Props

CALLERS = "kubernetes:security.istio.io/v1:AuthorizationPolicy"
WHO = "name who needs it"
NAMED = "a source, or operations that name something"


def callers(*rules: Props, **more: Any) -> Props:
    """Return an AuthorizationPolicy's properties."""
    return {"spec": {"rules": list(rules), **more}}


def source(**fields: Any) -> Props:
    """Return a rule of an AuthorizationPolicy with one source."""
    return {"from": [{"source": fields}]}


def operations(*fields: Props) -> Props:
    """Return a rule of an AuthorizationPolicy for everybody, with operations."""
    return {"to": [{"operation": one} for one in fields]}


AUTHORIZATION = (
    Example(
        rule="no-wildcard-authorization",
        type=CALLERS,
        props=callers({}, {"from": [], "to": []}),
        lines=tuple(
            f"spec.rules[{at}]: got an empty rule, so every request; allowed rules with a source; "
            f"{WHO}"
            for at in (0, 1)
        ),
    ),
    Example(
        rule="no-wildcard-authorization",
        type=CALLERS,
        props=callers(
            source(principals=["a/ns/b/sa/c", "*"], ipBlocks=["0.0.0.0/0"]),
            source(),
            action="ALLOW",
        ),
        lines=(
            "spec.rules[0].from[0].source.principals: got '*'; allowed names, no wildcard alone; "
            f"{WHO}",
            "spec.rules[0].from[0].source.ipBlocks: got '0.0.0.0/0'; allowed names, no wildcard "
            f"alone; {WHO}",
            "spec.rules[1].from[0].source: got an empty source, so everybody; allowed sources that "
            f"name somebody; {WHO}",
        ),
    ),
    Example(
        rule="no-wildcard-authorization",
        type=CALLERS,
        props=callers(source(namespaces=["*"])),
        lines=(
            "spec.rules[0].from[0].source.namespaces: got '*'; allowed names, no wildcard alone; "
            f"{WHO}",
        ),
    ),
    Example(
        rule="no-wildcard-authorization",
        type=CALLERS,
        props=callers(
            operations({"methods": ["*"]}),
            operations({"paths": ["/health"]}, {"paths": ["/a", "/*"], "hosts": ["*"]}),
            source(remoteIpBlocks=["192.0.2.7/0"]),
        ),
        lines=(
            f"spec.rules[0].to[0]: got everything, to everybody; allowed {NAMED}; {WHO}",
            f"spec.rules[1].to[1]: got everything, to everybody; allowed {NAMED}; {WHO}",
            "spec.rules[2].from[0].source.remoteIpBlocks: got '192.0.2.7/0'; allowed names, no "
            f"wildcard alone; {WHO}",
        ),
    ),
    *(
        Example(rule="no-wildcard-authorization", type=CALLERS, props=props)
        for props in (
            {"spec": {}},
            callers({}, action="DENY"),
            callers(source(principals=["*/ns/shop/sa/web"])),
            callers(operations({"paths": ["/health"]})),
            callers(operations({"methods": ["*"], "ports": ["8080"]})),
            callers(operations({"paths": ["*"], "notPaths": ["/admin"]})),
            callers({**source(principals=["a/ns/b/sa/c"]), **operations({"paths": ["*"]})}),
            callers({**operations({"paths": ["*"]}), "when": [{"key": "a", "values": ["b"]}]}),
        )
    ),
)
