"""What a rule looks at: the document as written and the environment as resolved."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ...errors import Problem
from ..environment import EnvironmentSpec
from ..model import EnvironmentDocument, Settings
from ..show import spell


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One document under the rules."""

    document: EnvironmentDocument
    environment: EnvironmentSpec
    """Every default filled in; names may still clash and members may still lack a network ("")."""
    networks: Mapping[str, str | None]
    """By path of a cluster: the network it is on, also when it is not in the mesh."""

    def written_settings(self) -> Iterator[tuple[str, Settings]]:
        """Yield every place that may hold settings, with its path."""
        document = self.document
        yield "master", document.master
        yield "master.defaults", document.master.defaults
        for seed_name, seed in document.seeds.items():
            yield spell(("seeds", seed_name)), seed
            yield spell(("seeds", seed_name, "defaults")), seed.defaults
            for user_name, user in seed.user_clusters.items():
                yield spell(("seeds", seed_name, "userClusters", user_name)), user


Rule: TypeAlias = Callable[[Subject], Iterable[Problem]]
"""One rule: looks at everything, returns what is wrong with it."""
