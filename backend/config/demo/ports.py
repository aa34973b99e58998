"""Whether a port is free, and who has it. Standard library only: set-up runs this file before anything is installed."""

from __future__ import annotations

import socket
import sys
from pathlib import Path


def port_problem(port: int, host: str = "127.0.0.1") -> str | None:
    """The sentence to show if `port` cannot be used, or None."""
    if not 1 <= port <= 65535:
        return f"PORT={port} is not a port: choose a number from 1024 to 65535, for example `make demo PORT=8001`."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return f"Port {port} is reserved for root: choose one from 1024 on, for example `make demo PORT=8001`."
        except OSError as problem:
            return f"Port {port} on {host} cannot be used ({_reason(port, problem)}). {_remedy(port)}"
    return None


def _remedy(port: int) -> str:
    return f"Stop that program, or choose another port: `make demo PORT={port + 1 if port < 65535 else 8001}`."


def _reason(port: int, problem: OSError) -> str:
    owner = _owner(port)
    return f"taken by {owner}" if owner else (problem.strerror or str(problem)).lower()


def _owner(port: int) -> str | None:
    """The listening process, as "name (process 123)", where the kernel lets us see it."""
    sockets = {f"socket:[{number}]" for number in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in sockets for link in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()}, process {process.name}"
        except OSError:
            continue  # another user's process, or one that has just ended
    return None


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":  # 0A is LISTEN
                found.add(fields[9])
    return found


if __name__ == "__main__":
    text = sys.argv[1]
    sentence = port_problem(int(text)) if text.isdecimal() else f"PORT={text} is not a number."
    if sentence:
        sys.exit(sentence)
