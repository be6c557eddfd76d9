"""What to say about a key the document does not know: what was meant, and where it goes."""

import difflib
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel

from ..errors import Problem
from .model import EnvironmentDocument
from .show import Location, hints_secret, one_of, spell

LATER_PROVIDERS: Final = ("kubermatic",)
"""Providers that are planned; naming one is no typing error."""

_LEVELS: Final = "three levels: master, seeds, userClusters under a seed"


def unknown_key(location: Location) -> Problem:
    """Return the problem of a key that is not known at its place."""
    path, key, parent = spell(location), str(location[-1]), location[:-1]
    misplaced = _misplaced_level(location)
    if misplaced is not None:
        return misplaced
    if parent and parent[-1] == "cloud" and key in LATER_PROVIDERS:
        return Problem(
            path=path,
            got=f"provider {key}",
            allowed=one_of(keys_at(parent)),
            fix=f"make the cluster yourself and name it under `existing`; {key} comes with a "
            "later version",
        )
    return Problem(
        path=path,
        got="an unknown key",
        allowed=one_of(keys_at(parent)),
        fix=_fix(location),
    )


def meant(location: Location) -> Location | None:
    """Return the known key that an unknown one most likely means; None when nothing is near.

    A key that is right one block further down comes before one that is merely spelled alike.
    """
    parent, key = location[:-1], str(location[-1])
    below = [name for name in keys_at(parent) if key in keys_at((*parent, name))]
    if len(below) == 1:
        return (*parent, below[0], key)
    near = _nearest_key(location)
    return None if near is None else (*parent, near)


def _nearest_key(location: Location) -> str | None:
    known = {key.lower(): key for key in keys_at(location[:-1])}
    spelled = str(location[-1]).replace("_", "").replace("-", "").lower()
    near = difflib.get_close_matches(spelled, list(known), n=1, cutoff=0.7)
    return known[near[0]] if near else None


def keys_at(location: Location) -> tuple[str, ...]:
    """Return the keys that a block knows, as the document spells them; none for plain values."""
    here: object = EnvironmentDocument
    for part in location:
        here = _below(here, str(part))
    model = _model(here)
    return () if model is None else tuple(_aliases(model))


def _fix(location: Location) -> str:
    place = meant(location)
    if place is not None:
        is_below = len(place) > len(location)
        return f"write it under {place[-2]}" if is_below else f"write {place[-1]}"
    if hints_secret(location[-1:]):
        return "remove it; secrets are config keys of their own (`pulumi config set --secret`)"
    return "remove it"


def _misplaced_level(location: Location) -> Problem | None:
    """Return the problem of a level of the hierarchy at the wrong depth."""
    key, depth = str(location[-1]), len(location)
    got, fix = "", ""
    if key == "masters" or (key == "master" and depth > 1):
        got, fix = "a second master", "make it a seed, or an environment of its own"
    elif key == "seeds" and depth > 1:
        got, fix = "seeds below another cluster", "move them to `seeds` at the top"
    elif key == "userClusters" and location[0] == "master":
        got, fix = "user clusters directly under the master", "move them under a seed"
    elif key == "userClusters" and depth == 1:
        got, fix = "user clusters without a seed", "move them under a seed"
    elif key == "userClusters" and depth > 3:
        got = "user clusters under a user cluster"
        fix = "move them under the seed; if this cluster is to carry them, make it a seed"
    return Problem(path=spell(location), got=got, allowed=_LEVELS, fix=fix) if got else None


def _aliases(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _below(here: object, key: str) -> object:
    model = _model(here)
    if model is not None:
        return _aliases(model).get(key)
    if get_origin(here) is dict:
        return get_args(here)[1]
    return None


def _model(annotation: object) -> type[BaseModel] | None:
    if get_origin(annotation) is dict:
        return None
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
