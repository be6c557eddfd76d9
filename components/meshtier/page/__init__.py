"""One HTML file that shows a plan: the topology, and every cluster's values. No engine, no network.

Deliberately holds no library and decides nothing about the environment: Python lays the picture
out, the page's own few scripts move it, search it and fold the values open.
"""

from .document import write

__all__ = ["write"]
