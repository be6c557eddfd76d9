"""Lets the host reach addresses of a lab: listens on the host's loopback, dials inside the site.

Only bytes pass; TLS stays between the client and the API server.
"""

import asyncio
import functools
import json
import socket
import sys
from pathlib import Path

from . import linux

_CHUNK = 1 << 16


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(128)
    return listener


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(_CHUNK):
            target.write(chunk)
            await target.drain()
        target.write_eof()
    except OSError:
        # One side went away; the other is closed by `_serve`.
        target.close()


async def _serve(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    host, _, port = target.rpartition(":")
    try:
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
    except OSError:
        writer.transport.abort()
        return
    await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
    for side in (writer, inner_writer):
        side.close()


async def _run(listeners: dict[str, socket.socket]) -> None:
    for target, listener in listeners.items():
        await asyncio.start_server(functools.partial(_serve, target), sock=listener)
    await asyncio.Event().wait()


def main() -> None:
    """Serve the plan in the file named by the first argument until killed."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    # A socket stays in the namespace it was made in, so these remain the host's.
    listeners = {target: _listen(int(port)) for port, target in plan["ports"].items()}
    linux.enter_network(plan["site"])
    asyncio.run(_run(listeners))


if __name__ == "__main__":
    main()
