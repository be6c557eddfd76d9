"""Where a lab keeps its things, and the environment in which its Pulumi commands run.

Everything lies below one folder in the checkout, so that a user's own Pulumi login, home and
passphrase are never read or written.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .toolchain import CHECKOUT, Toolchain

DEFAULT_LAB = "local"
DEFAULT_STACK = "local"
# Each of these would win over what is set here, or log in somewhere.
UNSET = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_ACCESS_TOKEN", "PULUMI_API")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one lab."""

    root: Path

    @classmethod
    def of(cls, lab: str = DEFAULT_LAB) -> "Workspace":
        """The folder of a lab by name, in this checkout."""
        return cls(CHECKOUT / ".lab" / lab)

    @property
    def pulumi_home(self) -> Path:
        """Plugins and settings of this lab's engine."""
        return self.root / "pulumi-home"

    @property
    def state(self) -> Path:
        """The `file://` backend."""
        return self.root / "state"

    @property
    def passphrase(self) -> Path:
        """File with the generated passphrase of this lab's stacks; readable by its owner only."""
        return self.root / "passphrase"

    @property
    def kubeconfigs(self) -> Path:
        """One kubeconfig per cluster, `<cluster>.yaml`."""
        return self.root / "kubeconfigs"

    def stack_file(self, stack: str) -> Path:
        """Where Pulumi reads a stack's configuration: the checked-in file, plus its salt."""
        return self.root / f"Pulumi.{stack}.yaml"

    @property
    def charts(self) -> Path:
        """Istio's charts: `base`, `istiod`, `gateway`."""
        return self.root / "charts"

    def prepare(self) -> None:
        """Make the folders and the passphrase, where they are missing."""
        for folder in (self.root, self.pulumi_home, self.state, self.kubeconfigs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.passphrase.exists():
            # Complete or absent, also after a kill: half a passphrase would lock the stack.
            draft = self.passphrase.with_suffix(f".{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as handle:
                handle.write(secrets.token_urlsafe(32))
            draft.rename(self.passphrase)

    def variables(
        self,
        toolchain: Toolchain,
        inherited: Mapping[str, str] | None = None,
        *,
        stack: str = DEFAULT_STACK,
    ) -> dict[str, str]:
        """What to set for a Pulumi command of this lab; `inherited` (os.environ) gives PATH."""
        path = (os.environ if inherited is None else inherited).get("PATH", os.defpath)
        venv = Path(sys.prefix) / "bin"
        # The language host runs the Python it finds first.
        first = [str(venv), *(str(folder) for folder in toolchain.bin_dirs)]
        rest = [folder for folder in path.split(os.pathsep) if folder and folder not in first]
        return {
            "PATH": os.pathsep.join([*first, *rest]),
            # Without this, every write of the state also writes a small file beside it, and a
            # kill between the two leaves that one empty: the state is whole and can't be read.
            "PULUMI_BACKEND_URL": f"{self.state.resolve().as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self.passphrase),
            "PULUMI_HOME": str(self.pulumi_home),
            # The engine takes any of its flags from PULUMI_OPTION_<FLAG>.
            "PULUMI_OPTION_CONFIG_FILE": str(self.stack_file(stack)),
            "PULUMI_PYTHON_CMD": str(venv / "python"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": stack,
        }

    def environment(
        self,
        toolchain: Toolchain,
        inherited: Mapping[str, str] | None = None,
        *,
        stack: str = DEFAULT_STACK,
    ) -> dict[str, str]:
        """The whole environment for a Pulumi command of this lab."""
        base = dict(os.environ if inherited is None else inherited)
        for name in UNSET:
            base.pop(name, None)
        return base | self.variables(toolchain, base, stack=stack)
