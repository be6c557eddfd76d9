"""Many pairs of clusters in few lines: `a, b` with `c`, instead of four arrows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .paths import Pair

Names = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Every pair of one of `sources` and one of `targets`, a cluster with itself left out."""

    sources: Names
    targets: Names
    both_ways: bool
    """Whether the pairs from `targets` to `sources` belong to it too."""

    @property
    def is_among(self) -> bool:
        """Whether it is about the clusters of one set and each other."""
        return self.sources == self.targets


def grouped(pairs: Iterable[Pair]) -> tuple[Group, ...]:
    """Return the fewest groups, of two ways to make them, that hold just the given pairs.

    A neighbourhood is one group only when its clusters count as their own targets; a newcomer
    beside it is one only when they don't.
    """
    targets: dict[str, set[str]] = {}
    for source, target in pairs:
        targets.setdefault(source, set()).add(target)
    plain = _groups(targets)
    closed = _groups({source: {*found, source} for source, found in targets.items()})
    return min((plain, closed), key=len)


def _groups(targets: Mapping[str, Collection[str]]) -> tuple[Group, ...]:
    by_targets: dict[Names, list[str]] = {}
    for source in sorted(targets):
        by_targets.setdefault(tuple(sorted(targets[source])), []).append(source)
    products = {(tuple(sources), found) for found, sources in by_targets.items()}
    groups: list[Group] = []
    for sources, found in sorted(products):
        has_return = (found, sources) in products
        if not has_return or sources <= found:
            groups.append(Group(sources=sources, targets=found, both_ways=has_return))
    return tuple(groups)
