"""Registers what its configuration lists, by type: policies look at nothing else."""

import pulumi

config = pulumi.Config("meshtier")
for number, one in enumerate(config.require_object("resources")):
    resource = pulumi.ComponentResource(one["type"], f"{one['name']}-{number}", one["props"])
    # Policies about the whole stack look at outputs.
    resource.register_outputs(one["props"])
