from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.config.demo import ports
from tests.ports import free_port


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_free_port_has_no_problem() -> None:
    assert ports.port_problem(free_port()) is None


def test_a_taken_port_names_the_port_the_process_and_another_port(listener: int) -> None:
    sentence = ports.port_problem(listener)
    assert sentence is not None
    assert f"Port {listener}" in sentence
    assert f"process {os.getpid()}" in sentence
    assert f"PORT={listener + 1}" in sentence


@pytest.mark.parametrize("port", [0, 65536, 100000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    assert f"PORT={port} is not a port" in (ports.port_problem(port) or "")


@pytest.mark.parametrize(("text", "code"), [("abc", 1), ("-5", 1)])
def test_the_file_runs_alone_and_refuses_nonsense(text: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-I", ports.__file__, text], capture_output=True, text=True)
    assert done.returncode == code
    assert f"PORT={text} is not a number." in done.stderr


def test_the_file_needs_nothing_but_the_standard_library(listener: int) -> None:
    done = subprocess.run([sys.executable, "-I", "-S", Path(ports.__file__), str(listener)], capture_output=True)
    assert done.returncode == 1
    assert b"cannot be used" in done.stderr
