"""Readers of docker-compose.yml and Dockerfiles, as far as this project uses them, and what stands in for a network."""

from __future__ import annotations

import json
import re
import shlex
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<kind>:[-?])(?P<rest>[^}]*))?\}")


class MissingVariable(Exception):
    """A `${NAME:?sentence}` without NAME; the message is the sentence."""


def interpolate(text: str, variables: Mapping[str, str]) -> str:
    """Compose's substitution: ${A}, ${A:-default}, ${A:?sentence} and $$ for a dollar sign."""

    def value(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        found = variables.get(match["name"], "")
        if found or match["kind"] is None:
            return found
        if match["kind"] == ":?":
            raise MissingVariable(match["rest"])
        return match["rest"]

    return VARIABLE.sub(value, text)


def compose(path: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """The file with all its variables filled in."""

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled(value) for value in node]
        return interpolate(node, variables) if isinstance(node, str) else node

    document: dict[str, Any] = filled(yaml.safe_load(path.read_text()))
    return document


@dataclass(frozen=True)
class Instruction:
    """One line of a Dockerfile: FROM, RUN, COPY, ENV, CMD, ..."""

    name: str
    text: str

    def arguments(self) -> list[str]:
        """The JSON form as a list, anything else split as a shell would."""
        if self.text.startswith("["):
            listed: list[str] = json.loads(self.text)
            return listed
        return shlex.split(self.text)


def dockerfile_stages(path: Path) -> dict[str, list[Instruction]]:
    """Stage name -> its instructions, those of the stage it is built FROM included."""
    stages: dict[str, list[Instruction]] = {}
    current: list[Instruction] = []
    for line in _logical_lines(path.read_text()):
        name, _, text = line.partition(" ")
        if name == "FROM":
            words = text.split()
            current = list(stages.get(words[0], []))
            stages[words[-1]] = current
        current.append(Instruction(name, text.strip()))
    return stages


def last_command(instructions: list[Instruction]) -> list[str]:
    """What a container of the stage runs when nobody says otherwise: the last CMD."""
    return [instruction for instruction in instructions if instruction.name == "CMD"][-1].arguments()


def environment_of(instructions: list[Instruction]) -> dict[str, str]:
    """The stage's ENV, those with $PATH in them left out."""
    pairs = [word for instruction in instructions if instruction.name == "ENV" for word in instruction.arguments()]
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if "$" not in value}


def copied_from_checkout(instructions: list[Instruction]) -> list[str]:
    """Paths that COPY takes from the build context."""
    copies = [i.arguments() for i in instructions if i.name == "COPY" and "--from" not in i.text]
    return [source for words in copies for source in words[:-1]]


def _logical_lines(text: str) -> Iterator[str]:
    joined = re.sub(r"\\\n\s*", "", text)
    for line in joined.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


@contextmanager
def tcp_door(unix_socket: Path) -> Iterator[int]:
    """A TCP port on this machine that leads to a unix socket, as a container network leads to a service."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_let_in, args=(server, unix_socket), daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def _let_in(server: socket.socket, unix_socket: Path) -> None:
    with suppress(OSError):
        while True:
            outside, _ = server.accept()
            inside = socket.socket(socket.AF_UNIX)
            inside.connect(str(unix_socket))
            for pair in ((outside, inside), (inside, outside)):
                threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
