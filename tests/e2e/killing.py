"""python -m tests.e2e.killing ADDRESS: the site's web server gone at once, as by kill -9 or a power cut."""

from __future__ import annotations

import sys
from contextlib import suppress
from urllib.parse import urlsplit

import psutil


def kill_web(port: int) -> int:
    """The process that listens on the port, the one that would start it anew, and its others. Returns how many."""
    listening = [
        each.pid for each in psutil.net_connections("tcp") if each.status == "LISTEN" and each.laddr.port == port
    ]
    server = psutil.Process(next(number for number in listening if number))
    while (parent := server.parent()) is not None and parent.cmdline() == server.cmdline():
        server = parent
    family = [server, *server.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return len(family)


if __name__ == "__main__":
    print(kill_web(urlsplit(sys.argv[1]).port or 80), "processes killed")
