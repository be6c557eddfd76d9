"""Stand-ins for the resource plugins that can't be downloaded everywhere.

Each stand-in keeps the contract of the official plugin of the same name and version for what
meshtier uses. They are development tools; the official plugin is preferred wherever it exists.
"""
