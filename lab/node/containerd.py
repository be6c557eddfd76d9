"""containerd of one node: its configuration and command."""

from pathlib import Path

from ..supervisor import Command

SOCKET = "/run/containerd/containerd.sock"


def configure(state: Path, *, pause: str, runc: Path, plugins: Path, networks: Path) -> Path:
    """Write the configuration and return its path.

    `plugins` holds the CNI binaries, `networks` their configuration; `pause` is the image every
    pod's sandbox uses.
    """
    path = state / "containerd.toml"
    path.write_text(f"""version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri"]
[grpc]
  address = "{SOCKET}"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "{pause}"
[plugins."io.containerd.cri.v1.runtime"]
  # Without CAP_SYS_RESOURCE no process may lower its score below its parent's.
  restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["{plugins}"]
  conf_dir = "{networks}"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
    BinaryName = "{runc}"
    SystemdCgroup = false
""")
    return path


def command(binary: Path, configuration: Path) -> Command:
    return Command(name="containerd", argv=(str(binary), "--config", str(configuration)))
