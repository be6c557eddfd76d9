"""A cloud in a folder: what the stand-ins of the aws and gcp plugins share.

Tables (`lab.plugins.aws`, `lab.plugins.gcp`) say what each resource type needs, gives and refuses;
the rest is one implementation. It leaves out what no program here asks for: data sources,
components, and whatever a real cloud checks beyond order, names and ranges.
"""
