"""One cluster as a process tree in namespaces of its own: cgroups, mounts, node processes."""
