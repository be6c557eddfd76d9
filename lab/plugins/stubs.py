"""The SDK's generated protobuf modules, without the SDK around them.

Importing the `pulumi` package costs 0.2 s and several threads that a plugin has no use for, so
its generated modules are imported below two empty parent packages, which are gone afterwards. For
the same reason nothing in a plugin process may import `pulumi` itself.
"""

import importlib.util
import sys
import types
from pathlib import Path


def _adopt_parents() -> list[str]:
    """Put empty packages in place of the SDK's and return their names; none where it is loaded."""
    spec = importlib.util.find_spec("pulumi") if "pulumi" not in sys.modules else None
    if spec is None or spec.origin is None:
        return []
    root = Path(spec.origin).parent
    parents = {"pulumi": root, "pulumi.runtime": root / "runtime"}
    for name, path in parents.items():
        module = types.ModuleType(name)
        module.__path__ = [str(path)]
        sys.modules[name] = module
    return list(parents)


_adopted = _adopt_parents()

from pulumi.runtime.proto import (  # noqa: E402
    alias_pb2,
    engine_pb2,
    engine_pb2_grpc,
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

# A process that needs the SDK as well, such as a test, then finds the real one.
for _name in _adopted:
    del sys.modules[_name]

__all__ = [
    "alias_pb2",
    "engine_pb2",
    "engine_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "resource_pb2",
    "resource_pb2_grpc",
    "status_pb2",
]
