"""What the user asks: the environment document, its defaults and its rules."""

from .environment import ClusterSpec, EnvironmentSpec, Level, MemberSpec
from .load import load
from .model import EnvironmentDocument

__all__ = [
    "ClusterSpec",
    "EnvironmentDocument",
    "EnvironmentSpec",
    "Level",
    "MemberSpec",
    "load",
]
