"""The shapes of an object: as the program wrote it, as the server wants it, as the state has it.

Inputs may hold secrets and unknowns. "Plain" means neither secrets nor the SDK's own spellings;
it is what the server gets.
"""

from __future__ import annotations

import base64
import copy

from .. import wire

_READ_ONLY = (
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_FILLED_BY_CONTROLLERS = ("deployment.kubernetes.io/revision", _LAST_APPLIED)
_SCHEMA_KEYS = (
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
)
_TO_SERVER = {key.replace("-", "_"): key for key in _SCHEMA_KEYS}
_TO_STATE = {key: key.replace("-", "_") for key in _SCHEMA_KEYS}


def is_definition(inputs: wire.Object) -> bool:
    """Whether this is a CustomResourceDefinition."""
    return inputs.get("kind") == "CustomResourceDefinition" and str(
        inputs.get("apiVersion", "")
    ).startswith("apiextensions.k8s.io/")


def is_secret(inputs: wire.Object) -> bool:
    """Whether this is a core Secret."""
    return inputs.get("kind") == "Secret" and inputs.get("apiVersion") == "v1"


def metadata(inputs: wire.Object) -> wire.Object:
    """The plain metadata, empty where it is missing or unknown."""
    found = wire.reveal(inputs.get("metadata"))
    return found if isinstance(found, dict) else {}


def without_namespace(plain: wire.Object) -> wire.Object:
    """`plain` with no namespace in its metadata."""
    about = plain.get("metadata")
    if not isinstance(about, dict) or "namespace" not in about:
        return plain
    return {**plain, "metadata": {k: v for k, v in about.items() if k != "namespace"}}


def annotation(inputs: wire.Object, key: str) -> str:
    """One annotation's text, empty where it is missing or unknown."""
    annotations = metadata(inputs).get("annotations")
    value = annotations.get(key) if isinstance(annotations, dict) else None
    return value if isinstance(value, str) else ""


def _respell(value: wire.Value, spelling: dict[str, str]) -> wire.Value:
    if isinstance(value, dict):
        return {spelling.get(k, k): _respell(item, spelling) for k, item in value.items()}
    if isinstance(value, list):
        return [_respell(item, spelling) for item in value]
    return value


def fold_string_data(inputs: wire.Object) -> wire.Object:
    """A Secret's inputs with `stringData` encoded into `data`, both secret."""
    if not is_secret(inputs):
        return inputs
    folded = dict(inputs)
    text = wire.reveal(folded.pop("stringData", None))
    data = wire.reveal(folded.get("data"))
    if isinstance(text, wire.Unknown) or isinstance(data, wire.Unknown):
        folded["data"] = wire.UNKNOWN
    elif text:
        encoded = {key: _encode(value) for key, value in text.items()}
        folded["data"] = {**(data or {}), **encoded}
    if "data" in folded:
        folded["data"] = wire.secret(wire.reveal(folded["data"]))
    return folded


def _encode(value: wire.Value) -> wire.Value:
    return base64.b64encode(value.encode()).decode() if isinstance(value, str) else value


def plain(inputs: wire.Object) -> wire.Object:
    """What the server gets for `inputs`: no secrets, no nulls, no fields that only it writes."""
    result: wire.Object = _without_nulls(wire.reveal(fold_string_data(inputs)))
    if is_definition(result):
        result = _respell(result, _TO_SERVER)
    result.pop("status", None)
    if isinstance(result.get("metadata"), dict):
        for key in _READ_ONLY:
            result["metadata"].pop(key, None)
    return result


def _without_nulls(value: wire.Value) -> wire.Value:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def checkpoint(inputs: wire.Object, live: wire.Object, manager: str) -> wire.Object:
    """The outputs for the state: the live object, with the inputs that made it beside."""
    outputs: wire.Object = wire.seal(for_state(live), for_state(inputs))
    if is_secret(live) and "data" in outputs:
        outputs["data"] = wire.secret(wire.reveal(outputs["data"]))
    outputs["__inputs"] = for_state(inputs)
    outputs["__initialApiVersion"] = live.get("apiVersion", "")
    outputs["__fieldManager"] = manager
    return outputs


def for_state(value: wire.Object) -> wire.Object:
    """A definition in the SDK's spelling (its names can't hold dashes); others as they are."""
    return _respell(value, _TO_STATE) if is_definition(value) else value


def imported(live: wire.Object) -> wire.Object:
    """Inputs for an object nobody has inputs of: all that a user could have written."""
    inputs = copy.deepcopy(live)
    inputs.pop("status", None)
    about = inputs.get("metadata", {})
    for key in _READ_ONLY:
        about.pop(key, None)
    annotations = about.get("annotations", {})
    for key in _FILLED_BY_CONTROLLERS:
        annotations.pop(key, None)
    if not annotations:
        about.pop("annotations", None)
    return for_state(fold_string_data(inputs))


def drifted(inputs: wire.Value, applied: wire.Value, live: wire.Value) -> wire.Value:
    """`inputs` where the live object differs from what applying them gives; all plain.

    What the server only spells otherwise (quantities, defaults) is equal in `applied` and
    `live`, so the program's own spelling stays and nothing is reported that nobody changed.
    """
    if applied == live:
        return inputs
    if isinstance(inputs, dict) and isinstance(live, dict):
        before = applied if isinstance(applied, dict) else {}
        return {
            key: drifted(item, before.get(key), live[key]) if key in live else item
            for key, item in inputs.items()
            if key in live or key not in before or not item
        }
    if isinstance(inputs, list) and isinstance(live, list) and isinstance(applied, list):
        if len(inputs) == len(applied) == len(live):
            return [drifted(*each) for each in zip(inputs, applied, live, strict=True)]
    return live
