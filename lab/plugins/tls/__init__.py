"""Stand-in for the `tls` resource plugin, version 5.6.2.

`keys` and `certificates` do the cryptography, `kinds` says what each resource takes, gives, keeps
secret and is replaced for, `plugin` answers the engine. Data sources and import are left out.
"""
