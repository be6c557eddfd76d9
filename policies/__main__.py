"""The policy pack; Pulumi starts it and asks it about each resource, then about the whole stack."""

from adapter import resource_policy, stack_policy
from pulumi_policy import EnforcementLevel, PolicyPack
from rules import RESOURCE_RULES, STACK_RULES

PolicyPack(
    name="meshtier",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        *(resource_policy(rule) for rule in RESOURCE_RULES),
        *(stack_policy(rule) for rule in STACK_RULES),
    ],
)
