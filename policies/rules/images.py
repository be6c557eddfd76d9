"""Images and charts come from named places, in named versions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeGuard
from urllib.parse import urlsplit

from .rule import UNKNOWN, Resource, Rule, Settings, get, items, line, listed, texts, walk

_RELEASES: Final = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")
_POD_SPECS: Final = {
    "Pod": "spec",
    "CronJob": "spec.jobTemplate.spec.template.spec",
    **dict.fromkeys(
        ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job"), "spec.template.spec"
    ),
}
_CONTAINERS: Final = ("initContainers", "containers")
_INJECTED: Final = "auto"
"""Image that stands for the one istiod puts in."""
_MOVING: Final = ("", "latest")
"""Tags that name another image tomorrow."""
_DIGESTS: Final = ("digest", "sha")
"""Values that charts take an image's digest from, beside its tag."""


def _check(resource: Resource, settings: Settings) -> Iterable[str]:
    if resource.type in _RELEASES:
        return (*_chart(resource, settings), *_values(resource, settings))
    if resource.type.startswith("kubernetes:") and resource.kind in _POD_SPECS:
        return _workload(resource, settings)
    return ()


def _workload(resource: Resource, settings: Settings) -> Iterator[str]:
    base = _POD_SPECS[resource.kind]
    for group in _CONTAINERS:
        for at, container in enumerate(items(resource.get(f"{base}.{group}"))):
            image = get(container, "image")
            if isinstance(image, str) and image != _INJECTED:
                yield from _image(f"{base}.{group}[{at}].image", image, settings)


def _image(path: str, image: str, settings: Settings) -> Iterator[str]:
    yield from _place(path, _without_version(image), settings["images"], "image")
    name = image.rpartition("/")[2]
    if "@" not in name and name.partition(":")[2] in _MOVING:
        yield _unpinned(path, image)


def _values(resource: Resource, settings: Settings) -> Iterator[str]:
    for path, key, value in walk({"values": resource.get("values")}):
        if isinstance(value, Mapping):
            yield from _parts(path, key, value, settings)
        elif isinstance(value, list):
            for at, one in enumerate(value):
                if isinstance(one, Mapping):
                    yield from _parts(f"{path}[{at}]", key, one, settings)
        elif isinstance(value, str) and value and key == "hub":
            yield from _place(path, value, settings["images"], "image")
        elif _is_reference(value) and key == "image":
            yield from _image(path, value, settings)


def _parts(path: str, key: str, parts: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """Judge an image that is given in pieces; what is left out is the chart's own, as pinned."""
    name, registry = _name(key, parts), parts.get("registry")
    image = parts.get(name)
    if _is_text(image) and registry is not UNKNOWN:
        whole = f"{registry}/{image}" if registry else image
        if _has_version(whole):
            yield from _image(f"{path}.{name}", whole, settings)
            return
        yield from _place(f"{path}.{name}", whole, settings["images"], "image")
    tag = parts.get("tag")
    # An empty tag without a name may be Istio's, which is global.tag; `latest` is always wrong.
    if tag == "latest" or (tag == "" and _is_text(image)):
        if not any(parts.get(one) for one in _DIGESTS):
            yield _unpinned(f"{path}.tag", tag)


def _name(key: str, parts: Mapping[str, Any]) -> str:
    """Return under which key an image's parts hold its name, or would."""
    is_image = key.lower().endswith("image") and not parts.get("repository")
    if is_image and (parts.get("registry") or _is_reference(parts.get("name"))):
        return "name"
    return "repository"


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and value != ""


def _is_reference(value: Any) -> TypeGuard[str]:
    """Return whether a text is a whole image; a mere name, such as Istio's, gets a hub in front."""
    return isinstance(value, str) and ("/" in value or ":" in value)


def _has_version(image: str) -> bool:
    return _without_version(image) != image


def _unpinned(path: str, got: str) -> str:
    return line(path, f"'{got}'", "a tag other than latest, or a digest", "pin the image")


def _chart(resource: Resource, settings: Settings) -> Iterator[str]:
    chart, repository = resource.get("chart"), resource.get("repositoryOpts.repo")
    if isinstance(repository, str) and repository:
        place, path = repository, "repositoryOpts.repo"
    elif isinstance(chart, str) and "://" in chart:
        place, path = chart, "chart"
    else:
        # A directory or archive of this checkout is reviewed like the rest of it.
        return
    if not any(_below(_address(place), allowed) for allowed in settings["charts"]):
        allowed = listed(settings["charts"])
        yield line(path, f"'{_address(place)}'", allowed, "take the chart from there, or mirror it")
    if not resource.get("version"):
        yield line("version", "nothing", "a version", "pin the chart")


def _place(path: str, place: str, allowed: Iterable[str], what: str) -> Iterator[str]:
    names = list(allowed)
    if not any(_below(_qualified(place), one) for one in names):
        fix = f"take the {what} from there, or mirror it"
        yield line(path, f"'{place}'", listed(names), fix)


def _below(place: str, allowed: str) -> bool:
    return place == allowed or place.startswith(f"{allowed.rstrip('/')}/")


def _qualified(name: str) -> str:
    """Return an image's name with the registry that Kubernetes reads into it."""
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


def _without_version(image: str) -> str:
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"


def _address(url: str) -> str:
    """Return a URL without the credentials that it may carry."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


_SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "images": texts(
        "Registries, or paths in them, that images come from.",
        "docker.io/istio",
        "registry.istio.io",
        "registry.k8s.io",
        "public.ecr.aws/eks",
    ),
    "charts": texts(
        "Repositories that charts come from.",
        "https://blob.istio.io/istio-release/charts",
        "oci://registry.istio.io",
        "https://aws.github.io/eks-charts",
    ),
}

IMAGE_SOURCES: Final = Rule(
    name="image-sources",
    description="Images and charts come from named places, in named versions.",
    check=_check,
    settings=_SETTINGS,
)
