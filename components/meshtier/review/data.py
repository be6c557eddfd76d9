"""A review for machines: plain maps and lists, nothing secret, nothing shortened."""

from typing import Any

from ..plan.dump import plain
from .model import Comparison
from .review import Review


def data(review: Review) -> dict[str, Any]:
    """Return the review as what `--json` prints.

    `comparison` is null when a side's document is refused, `preview` when there was none.
    """
    comparison = review.comparison
    return {
        "stack": review.stack,
        "sentence": review.sentence.replace("`", ""),
        "base": review.base.label,
        "head": review.head.label,
        "refused": [str(one) for one in (*review.head.problems, *review.base.problems)],
        "comparison": None if comparison is None else _comparison(comparison),
        "preview": plain(review.preview),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "isEmpty": comparison.is_empty,
        "isNew": comparison.is_new,
        "isRemoved": comparison.is_removed,
        "changes": [
            {
                "section": change.key.section.value,
                "what": change.key.what,
                "name": change.key.name,
                "kind": change.kind.value,
                "before": plain(change.before),
                "after": plain(change.after),
            }
            for change in comparison.changes
        ],
        "calls": [
            {
                "source": call.pair[0],
                "destination": call.pair[1],
                "effect": plain(call.effect),
                "before": plain(call.before),
                "after": plain(call.after),
            }
            for call in comparison.calls
        ],
        "costs": [{**plain(cost), "delta": cost.delta} for cost in comparison.costs],
        "losses": plain(comparison.losses),
    }
