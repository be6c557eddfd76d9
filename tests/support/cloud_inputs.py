"""The inputs of every cloud resource as the engine gets them: from a plan, or from a program.

Both ways end in the same shape, so that one check reads both, and so that they can be compared.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meshtier.plan.late import Json, Ref, Text
from meshtier.plan.resources import ResourcePlan

from tests.support import sdk_inputs, stand_ins
from tests.support.recorder import Recorder

PROVIDERS = {"aws": "pulumi:providers:aws", "gcp": "pulumi:providers:gcp"}
"""Cloud -> type of its providers."""

_JSON = re.compile(r"[\[{]|true$|false$")
"""How the JSON begins that stands for anything but a text or a number in a provider's inputs."""

Answer = Callable[[str, tuple[str | int, ...]], Any]
"""Returns an output of the resource with a logical name, by the path's steps in the SDK's words."""


@dataclass(frozen=True, kw_only=True)
class CloudInput:
    """One resource of a cloud, as the engine gets it, with nothing late left."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    around: Mapping[str, Any]
    """Inputs of its provider."""
    problems: tuple[str, ...] = ()
    """What the SDK does not know about the inputs."""


class NoAnswer(Exception):
    """The plan refers to what no cloud answers."""


def planned(resources: Iterable[ResourcePlan]) -> list[CloudInput]:
    """Return the inputs of planned resources, stand-ins in place of what is late."""
    return list(_Planned(resources).all().values())


def registered(recorder: Recorder, cloud: str) -> list[CloudInput]:
    """Return the inputs of one cloud's resources that a recorded program registered."""
    provider = PROVIDERS[cloud]
    around = {
        one.name: _unpacked(one.inputs) for one in recorder.registered if one.type == provider
    }
    return [
        CloudInput(
            type=one.type,
            name=one.name,
            inputs=around[one.name] if one.type == provider else _whole(one.inputs),
            around=around.get(one.provider, {}),
        )
        for one in recorder.registered
        if one.type == provider or one.type.startswith(f"{cloud}:")
    ]


def resolved(value: Any, answer: Answer) -> Any:
    """Return plain data without late leaves."""
    if isinstance(value, Ref):
        return answer(value.resource, value.steps())
    if isinstance(value, Text):
        return "".join(str(resolved(part, answer)) for part in value.parts)
    if isinstance(value, Json):
        return json.dumps(resolved(value.content, answer), sort_keys=True)
    if isinstance(value, Mapping):
        return {key: resolved(item, answer) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(item, answer) for item in value]
    return value


def output(answers: Mapping[str, Any], steps: Iterable[str | int]) -> Any:
    """Return what stands at a path (in the SDK's words) of answers as on the wire."""
    here: Any = answers
    for step in steps:
        try:
            here = here[step if isinstance(step, int) else _camel(step)]
        except (KeyError, IndexError, TypeError) as error:
            raise NoAnswer(f"nothing answers {list(steps)} in {answers}") from error
    return here


class _Planned:
    def __init__(self, resources: Iterable[ResourcePlan]) -> None:
        self._plans = {one.name: one for one in resources}
        self._done: dict[str, CloudInput] = {}

    def all(self) -> dict[str, CloudInput]:
        """Return every resource's inputs by name, in the plan's order."""
        return {name: self._input(name) for name in self._plans}

    def _input(self, name: str) -> CloudInput:
        if name not in self._done:
            plan = self._plans[name]
            args = resolved(plan.args, self._answer)
            inputs, problems = sdk_inputs.wire(plan.type, args)
            around = self._input(plan.provider).inputs if plan.provider else {}
            self._done[name] = CloudInput(
                type=plan.type,
                name=name,
                inputs=inputs,
                around=around,
                problems=tuple(f"{name}: {problem}" for problem in problems),
            )
        return self._done[name]

    def _answer(self, name: str, steps: tuple[str | int, ...]) -> Any:
        if name not in self._plans:
            raise NoAnswer(f"no resource of the plan is called {name}")
        made = self._input(name)
        return output(stand_ins.answer(made.type, name, made.inputs), steps)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _unpacked(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's inputs: all but texts are JSON on the wire."""
    return {key: json.loads(text) if _JSON.match(text) else text for key, text in inputs.items()}


def _whole(value: Any) -> Any:
    """Return a value with whole numbers as such: the engine hands them over as floats."""
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
