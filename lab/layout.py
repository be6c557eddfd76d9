"""Where everything of one cluster lies, and the files it starts from. Starts nothing."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import control_plane, process
from .api import Api
from .control_plane import Endpoint
from .node import kubelet
from .pki import Authority
from .spec import ClusterLab, LabSpec

_KUBECONFIGS = ("controller-manager", "scheduler", "proxy", "kubelet", "dns")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where one cluster's files, addresses and tools are; all its state is in `directory`."""

    spec: LabSpec
    about: ClusterLab
    index: int
    directory: Path
    tools: Mapping[str, Path]
    host_port: int
    """On the host's loopback."""

    endpoint: Endpoint

    @property
    def name(self) -> str:
        return self.about.name

    @property
    def authority(self) -> Authority:
        return Authority(self.directory / "pki")

    @property
    def api(self) -> Api:
        """The API server as the host reaches it, with every right."""
        return Api(f"https://127.0.0.1:{self.host_port}", self.authority.directory)

    @property
    def role(self) -> str:
        """The mark of the cluster's first process."""
        return f"cluster/{self.name}"

    @property
    def kubeconfig(self) -> Path:
        """For the host; mode 0600."""
        return self.spec.directory / "kubeconfigs" / f"{self.name}.yaml"

    @property
    def cgroup(self) -> str:
        return f"meshtier-{zlib.crc32(str(self.spec.directory).encode()):08x}-{self.name}"

    @property
    def record(self) -> Path:
        """Where the cluster's first process is recorded."""
        return self.directory / "init.json"

    @property
    def search_path(self) -> str:
        """PATH with the lab's tools before the machine's own."""
        folders = dict.fromkeys(str(p.parent) for p in self.tools.values() if p.is_file())
        return ":".join([*folders, "/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])

    def write_files(self) -> None:
        """Make keys and configuration that are missing, and kubeconfigs afresh."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.authority.exists():
            names = control_plane.server_names(self.about, self.endpoint)
            self.authority.make(names, kubelet.node_name(self.about), self.endpoint.address)
        for client in _KUBECONFIGS:
            self._write_kubeconfig(self.directory / f"{client}.kubeconfig", client)
        self.kubeconfig.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        server = f"https://127.0.0.1:{self.host_port}"
        text = self.authority.kubeconfig(cluster=self.name, server=server, client="admin")
        if not self.kubeconfig.exists() or self.kubeconfig.read_text() != text:
            process.write_atomically(self.kubeconfig, text)

    def _write_kubeconfig(self, path: Path, client: str) -> None:
        text = self.authority.kubeconfig(cluster=self.name, server=self.endpoint.url, client=client)
        process.write_atomically(path, text)
