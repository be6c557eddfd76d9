"""A comparison in words: one sentence, then blocks of lines, the same for every reader.

Names and values stand in backticks, which Markdown shows as code and a terminal goes without.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from .carriers import GUARDED
from .groups import Group, Names, grouped
from .model import (
    CallChange,
    Change,
    Comparison,
    Cost,
    Effect,
    Fate,
    Kind,
    Loss,
    Section,
)
from .paths import Pair, Route, Way
from .phrases import code, names, token, told

ADDED, REMOVED, CHANGED, LOST = "+", "-", "~", "!"
_MARKS: Final = {Kind.ADDED: ADDED, Kind.REMOVED: REMOVED, Kind.CHANGED: CHANGED}
_EFFECTS: Final = {
    Effect.POSSIBLE: ADDED,
    Effect.IMPOSSIBLE: REMOVED,
    Effect.PATH: CHANGED,
}
_OWN: Final = "its own"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a block."""

    mark: str
    """`+` came, `-` went, `~` became another, `!` carries traffic and is lost."""
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines about one thing."""

    title: str
    lines: tuple[Line, ...]


class _Lost(NamedTuple):
    """What losses on one line have in common."""

    clusters: Names
    fate: Fate
    why: Names
    guard: str
    """Name that has to be allowed, `_OWN` for each cluster's own; empty where none has to."""


def headline(comparison: Comparison) -> str:
    """Return the one sentence that says whether to look closer."""
    name = code(comparison.environment)
    if comparison.is_empty:
        return f"{name}: no change in the mesh."
    if comparison.is_removed:
        what = "the whole environment goes"
    elif comparison.is_new:
        what = f"a new environment with {_count(len(_new_clusters(comparison)), 'cluster')}"
    else:
        what = _what(comparison)
    return f"{name}: {'; '.join((what, _effects(comparison), _lost(comparison)))}."


def blocks(comparison: Comparison, allowed: Collection[str] = ()) -> tuple[Block, ...]:
    """Return what differs, block by block; nothing for what does not.

    `allowed` are the names in the head's `guards.allow`.
    """
    made = [
        losses_block("Carries traffic and is lost", comparison.losses, allowed),
        Block(title="Calls", lines=_calls(comparison.calls)),
        *(
            Block(title=_title(section), lines=_section(section, comparison.section(section)))
            for section in Section
        ),
        Block(title="Costs", lines=tuple(_cost(cost) for cost in comparison.costs)),
    ]
    return tuple(block for block in made if block.lines)


def losses_block(title: str, losses: Iterable[Loss], allowed: Collection[str]) -> Block:
    """Return what carries traffic and is lost, with who has to allow it; equal ones together."""
    places: dict[tuple[str, Fate, Names, str], set[str]] = {}
    for loss in losses:
        own = loss.guard == loss.cluster
        guard = "" if loss.carrier not in GUARDED else _OWN if own else loss.guard
        places.setdefault((loss.what, loss.fate, loss.why, guard), set()).add(loss.cluster)
    found: dict[_Lost, list[str]] = {}
    for (what, fate, why, guard), where in places.items():
        clusters = tuple(sorted(name for name in where if name))
        found.setdefault(_Lost(clusters, fate, why, guard), []).append(what)
    lines = (Line(mark=LOST, text=_loss(", ".join(found[key]), key, allowed)) for key in found)
    return Block(title=title, lines=tuple(lines))


def _title(section: Section) -> str:
    return f"{section.value[0].upper()}{section.value[1:]}"


def _new_clusters(comparison: Comparison) -> tuple[Change, ...]:
    return comparison.section(Section.CLUSTERS)


def _what(comparison: Comparison) -> str:
    parts: list[str] = []
    for section in (Section.CLUSTERS, Section.NETWORKS, Section.GATEWAYS):
        for kind in Kind:
            number = sum(change.kind is kind for change in comparison.section(section))
            if number:
                parts.append(f"{_count(number, section.value.removesuffix('s'))} {kind.value}")
    if any(change.kind is Kind.CHANGED for change in comparison.section(Section.TRUST)):
        parts.append("the chain of trust changed")
    if not parts:
        touched = dict.fromkeys(change.key.section.value for change in comparison.changes)
        parts.append(f"{', '.join(touched)} changed" if touched else "only costs change")
    return ", ".join(parts)


def _effects(comparison: Comparison) -> str:
    parts = [
        f"{_count(number, 'call')} {effect.value if number == 1 else _plural(effect)}"
        for effect in Effect
        if (number := sum(change.effect is effect for change in comparison.calls))
    ]
    return ", ".join(parts) or "every call takes the way it took"


def _plural(effect: Effect) -> str:
    first, _, rest = effect.value.partition(" ")
    return f"{first.removesuffix('s')} {rest}"


def _lost(comparison: Comparison) -> str:
    parts = [
        f"{verb} {_count(number, 'thing')}"
        for fate, verb in ((Fate.REPLACED, "replaces"), (Fate.DESTROYED, "destroys"))
        if (number := sum(loss.fate is fate for loss in comparison.losses))
    ]
    if not parts:
        return "nothing that carries traffic is replaced or destroyed"
    verb = "carry" if len(comparison.losses) > 1 else "carries"
    return f"{' and '.join(parts)} that {verb} traffic"


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _loss(what: str, lost: _Lost, allowed: Collection[str]) -> str:
    where = f" of {names(lost.clusters)}" if lost.clusters else ""
    because = f" because of {', '.join(lost.why)}" if lost.why else ""
    text = f"{what}{where} {lost.fate.value}{because}"
    if not lost.guard:
        return text
    guards = lost.clusters if lost.guard == _OWN else (lost.guard,)
    missing = [guard for guard in guards if guard not in allowed]
    needs = f"needs {names(missing)} in `guards.allow`" if missing else "allowed by `guards.allow`"
    return f"{text}; {needs}"


def _calls(calls: Iterable[CallChange]) -> tuple[Line, ...]:
    found: dict[tuple[Effect, str, str], list[Pair]] = {}
    for change in calls:
        if change.effect is not None:
            target = change.pair[1]
            way = (_way(change.before, target), _way(change.after, target))
            found.setdefault((change.effect, *way), []).append(change.pair)
    lines: list[Line] = []
    for effect, before, after in sorted(found, key=lambda key: (list(Effect).index(key[0]), key)):
        text = after if effect is Effect.POSSIBLE else f"{before} → {after}"
        for group in grouped(found[effect, before, after]):
            lines.append(Line(mark=_EFFECTS[effect], text=f"{_pairs(group)}: {text}"))
    return tuple(lines)


def _way(route: Route, target: str) -> str:
    if route.way is Way.DIRECT:
        return "direct"
    if route.way is Way.IMPOSSIBLE:
        return f"impossible, {route.reason}"
    if route.gateways == (target,):
        return "through the destination's own gateway"
    return f"through a gateway of {names(route.gateways)}"


def _pairs(group: Group) -> str:
    if group.is_among:
        return f"among {names(group.sources)}"
    arrow = "⇄" if group.both_ways else "→"
    return f"{names(group.sources)} {arrow} {names(group.targets)}"


def _section(section: Section, changes: tuple[Change, ...]) -> tuple[Line, ...]:
    if section is Section.PEERS:
        return tuple(_peers(changes))
    found: dict[tuple[Kind, str, str], list[str]] = {}
    for change in changes:
        key = (change.kind, change.key.what, told(change))
        found.setdefault(key, []).append(change.key.name)
    return tuple(
        Line(mark=_MARKS[kind], text=_thing(what, tuple(who), text))
        for (kind, what, text), who in found.items()
    )


def _thing(what: str, who: Names, text: str) -> str:
    what = token(what)
    named = [name for name in who if name]
    subject = f"{what} {names(named)}" if named else what
    return f"{subject}: {text}" if text else subject


def _peers(changes: Iterable[Change]) -> Iterator[Line]:
    found: dict[Kind, list[Pair]] = {}
    for change in changes:
        reader, _, target = change.key.name.partition(" -> ")
        found.setdefault(change.kind, []).append((reader, target))
    for kind, pairs in found.items():
        for group in grouped(pairs):
            yield Line(mark=_MARKS[kind], text=f"{_pairs(group)} (who reads whose endpoints)")


def _cost(cost: Cost) -> Line:
    money = "" if cost.monthly is None else f", {cost.monthly:+.0f} USD a month ({cost.source})"
    mark = ADDED if cost.delta > 0 else REMOVED
    return Line(mark=mark, text=f"{cost.name}: {cost.before} → {cost.after}{money}")
