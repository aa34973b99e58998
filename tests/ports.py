"""TCP ports for servers that tests start."""

from __future__ import annotations

import random
import socket
from pathlib import Path

_LOWEST, _RANGE = 10_000, Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port that nobody listens on, of those that the kernel does not hand out to clients by itself.

    One of the others could be any connection's before the server that it is meant for has started.
    """
    stop = int(_RANGE.read_text().split()[0]) if _RANGE.is_file() else 32_768
    ports = range(_LOWEST, stop) if stop > _LOWEST else range(stop, 65_536)
    return next(port for port in random.sample(ports, len(ports)) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
