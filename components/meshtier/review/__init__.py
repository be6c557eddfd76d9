"""What a change does, told in the mesh's words: computed from two plans, before Pulumi speaks."""
