"""`python -m lab.toolchain [NAME ...]`: have the tools, then say what they are."""

import sys

from . import ToolchainError, ensure


def main() -> int:
    """Print a table of the tools; 1 and one paragraph per missing tool when some can't be had."""
    try:
        toolchain = ensure(sys.argv[1:] or None)
    except ToolchainError as error:
        print(error, file=sys.stderr)
        return 1
    rows = [("tool", "version", "from", "seconds", "where")]
    for one in toolchain.resolved:
        # A tool that the machine has elsewhere has no tree of its own.
        place = one.tree if one.tree.name else next(iter(one.binaries.values())).parent
        facts = (one.tool.name, one.version, one.source.value, f"{one.seconds:.1f}", str(place))
        rows.append(facts)
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        print("  ".join([*cells, row[4]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
