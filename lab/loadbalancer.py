"""Gives Services of type LoadBalancer an address out of the cluster's block.

With an interface the address is put on it, so that it answers on the bridge; without one (no
nodes) it only stands in the status. Runs as a command of the cluster.
"""

import argparse
import http.client
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .api import Api, ApiError
from .dns import role_for
from .supervisor import Command

_RETRY = 1.0
_WATCH_SECONDS = 300
_RULES = [
    {"apiGroups": [""], "resources": ["services"], "verbs": ["list", "watch"]},
    {"apiGroups": [""], "resources": ["services/status"], "verbs": ["patch"]},
]


def objects() -> list[tuple[str, dict[str, Any]]]:
    """What the API server must hold for the controller, as (path, object)."""
    return role_for("lab:loadbalancer", _RULES)


def command(
    python: Sequence[str],
    *,
    server: str,
    credentials: Path,
    addresses: Sequence[str],
    interface: str | None,
    ip: Path | None,
) -> Command:
    """The controller as a command; `python` starts this module."""
    argv = [*python, "--server", server, "--credentials", str(credentials)]
    argv += ["--addresses", ",".join(addresses)]
    if interface is not None:
        argv += ["--interface", interface, "--ip", str(ip)]
    return Command(name="loadbalancer", argv=tuple(argv), after_api=True)


def assign(services: list[dict[str, Any]], pool: Sequence[str]) -> dict[str, str]:
    """Service uid -> address: what each has, else what it asks for, else the first free one.

    A service beyond the end of the pool gets none, as with a cloud's quota.
    """
    wanting = [s for s in services if s["spec"].get("type") == "LoadBalancer"]
    assigned: dict[str, str] = {}
    for choice in (current_address, lambda service: service["spec"].get("loadBalancerIP")):
        for service in wanting:
            uid, address = service["metadata"]["uid"], choice(service)
            if address and address in pool and uid not in assigned:
                if address not in assigned.values():
                    assigned[uid] = address
    free = (address for address in pool if address not in assigned.values())
    for service in wanting:
        if service["metadata"]["uid"] not in assigned and (address := next(free, None)):
            assigned[service["metadata"]["uid"]] = address
    return assigned


def current_address(service: dict[str, Any]) -> str | None:
    """The address in the Service's status."""
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or [{}]
    return ingress[0].get("ip")


class Controller:
    """Brings statuses and interface to what `assign` says."""

    def __init__(self, api: Api, pool: Sequence[str], interface: str | None, ip: str) -> None:
        self._api = api
        self._pool = pool
        self._interface = interface
        self._ip = ip
        self._here: set[str] = set()

    def run(self) -> None:
        """Never returns; after an error it starts over."""
        while True:
            try:
                self._follow()
            except (OSError, ApiError, http.client.HTTPException, ValueError) as error:
                print(f"starting over: {error}", file=sys.stderr, flush=True)
                time.sleep(_RETRY)

    def _follow(self) -> None:
        listed = self._api.get("/api/v1/services")
        known = {item["metadata"]["uid"]: item for item in listed["items"]}
        self._reconcile(list(known.values()))
        version = listed["metadata"]["resourceVersion"]
        path = f"/api/v1/services?resourceVersion={version}"
        for event in self._api.events(path, _WATCH_SECONDS):
            item = event["object"]
            if event["type"] == "ERROR":
                return
            if event["type"] == "DELETED":
                known.pop(item["metadata"]["uid"], None)
            else:
                known[item["metadata"]["uid"]] = item
            self._reconcile(list(known.values()))

    def _reconcile(self, services: list[dict[str, Any]]) -> None:
        assigned = assign(services, self._pool)
        self._put_on_interface(set(assigned.values()))
        for service in services:
            address = assigned.get(service["metadata"]["uid"])
            if address is not None and address != current_address(service):
                self._publish(service, address)

    def _put_on_interface(self, wanted: set[str]) -> None:
        if self._interface is None:
            return
        changes = [("del", a) for a in self._here - wanted]
        changes += [("replace", a) for a in wanted - self._here]
        for verb, address in changes:
            argv = [self._ip, "addr", verb, f"{address}/32", "dev", self._interface]
            subprocess.run(argv, check=False)
        self._here = wanted

    def _publish(self, service: dict[str, Any], address: str) -> None:
        meta = service["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/services/{meta['name']}/status"
        status = {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}}
        try:
            self._api.request("PATCH", path, status, "application/merge-patch+json")
        except ApiError as error:
            # Deleted in the meantime: its own event follows.
            if error.status != 404:
                raise


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--credentials", type=Path, required=True)
    parser.add_argument("--addresses", required=True)
    parser.add_argument("--interface")
    parser.add_argument("--ip", default="ip")
    asked = parser.parse_args()
    api = Api(asked.server, asked.credentials, "loadbalancer")
    Controller(api, asked.addresses.split(","), asked.interface, asked.ip).run()


if __name__ == "__main__":
    main()
