"""List prices, as data with a source and a date. Overridable: nobody pays exactly these."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from ..errors import Problem, SpecError

HOURS_PER_MONTH: Final = 730.0
CONTROL_PLANES: Final = "managed control planes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """What one of something costs a month."""

    monthly: float
    """US dollars."""
    source: str
    """Whose list, and of when."""


PRICES: Final[Mapping[str, Price]] = {
    CONTROL_PLANES: Price(
        monthly=0.10 * HOURS_PER_MONTH,
        source="list prices of EKS and GKE, 0.10 USD an hour, as of November 2026; "
        "extended support costs more",
    ),
}
"""By the name of the count; counts without an entry are shown without money."""


def read_prices(path: Path) -> Mapping[str, Price]:
    """Return prices from a JSON file: `{"<count>": {"monthly": 73.0, "source": "…"}}`.

    Raises SpecError when the file does not hold such prices.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {name: _price(one) for name, one in cast("dict[str, Any]", content).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        problem = Problem(
            path=str(path),
            got="no readable prices",
            allowed='JSON such as {"load balancers": {"monthly": 18.0, "source": "our contract"}}',
            fix="correct the file, or leave --prices out",
        )
        raise SpecError([problem]) from None


def _price(one: Mapping[str, Any]) -> Price:
    return Price(monthly=float(one["monthly"]), source=str(one["source"]))
