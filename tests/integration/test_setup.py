"""Set-up refuses with one sentence before any work, repairs what was cut short, and installs what is locked."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
MUST_BE_LOCKED = {
    "django", "djangorestframework", "celery", "torch", "torchvision", "opencv-python", "psycopg",
}  # fmt: skip


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    pairs = (line.partition("==") for line in lines if "==" in line)
    return {package: version for package, _, version in pairs}


def wanted(name: str) -> list[Requirement]:
    found: list[Requirement] = []
    for line in (ROOT / name).read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            found += wanted(text[3:])
        elif text:
            found.append(Requirement(text))
    return found


@pytest.mark.parametrize(
    ("source", "locks"),
    [
        ("requirements.in", ["requirements.lock"]),
        ("requirements-web.in", ["requirements.lock"]),
        ("requirements-dev.in", ["requirements.lock", "requirements-dev.lock"]),
    ],
)
def test_the_locks_answer_every_wish_with_an_exact_version(source: str, locks: list[str]) -> None:
    versions = {name: version for lock in locks for name, version in locked(lock).items()}
    for requirement in wanted(source):
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_the_lock_names_the_main_libraries() -> None:
    assert set(locked("requirements.lock")) >= MUST_BE_LOCKED


@pytest.mark.parametrize(
    "name",
    [
        "requirements.in", "requirements-dev.in", "requirements-web.in", "requirements.lock", "requirements-dev.lock",
        "frontend/package-lock.json",
    ],
)  # fmt: skip
def test_no_lock_names_a_server(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"index-url|find-links|\"resolved\"", text)
    if name.endswith((".in", ".lock")):
        assert "://" not in text


def checkout(folder: Path) -> Path:
    """What set-up reads before it begins, in a folder of its own."""
    shutil.copytree(ROOT / ".make", folder / ".make")
    (folder / "backend" / "config" / "demo").mkdir(parents=True)
    shutil.copy(ROOT / "backend/config/demo/ports.py", folder / "backend/config/demo/ports.py")
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def programs(folder: Path, **scripts: str) -> str:
    """A PATH on which the given programs come first."""
    folder.mkdir()
    for name, script in scripts.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def setup(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHON": sys.executable, **environment}
    command = [str(folder / ".make" / "setup"), "run"]
    return subprocess.run(
        command,
        cwd=folder,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def refusal(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    assert done.returncode == 1
    assert not (folder / ".venv").exists(), "work began before the check"
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    old = programs(tmp_path / "bin", oldpython="exit 1").split(":")[0]
    assert "is not a Python 3.11 or newer" in refusal(setup(folder, PYTHON=f"{old}/oldpython"), folder)


@pytest.mark.parametrize(
    ("node", "sentence"),
    [("echo v18.19.0", "Node.js 18.19.0 is too old"), ("exit 127", "Node.js 20 or newer is needed")],
)
def test_a_missing_or_old_node_is_refused(node: str, sentence: str, tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    assert sentence in refusal(setup(folder, PATH=programs(tmp_path / "bin", node=node)), folder)


def test_too_little_disk_is_refused_with_the_amount_that_is_needed(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    df = "printf 'Filesystem 1M-blocks Used Available\\nx 1 1 1200 0%% /\\n'"
    sentence = refusal(setup(folder, PATH=programs(tmp_path / "bin", df=df)), folder)
    assert "Only 1200 MB are free" in sentence
    assert "8000 MB are needed" in sentence


def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(setup(folder, CROSSTRACK_DATA=str(tmp_path / "file" / "data")), folder)


def test_a_port_that_is_no_number_is_refused_before_anything_is_installed(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    assert "PORT=eighty is not a number" in refusal(setup(folder, PORT="eighty"), folder)


def test_a_second_set_up_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "checkout")
    holder = subprocess.Popen(
        ["flock", str(folder / ".make"), "-c", "echo up; read x"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        assert "Another set-up is running" in refusal(setup(folder), folder)
    finally:
        holder.communicate(b"\n")


def test_a_package_whose_files_are_missing_is_found(tmp_path: Path) -> None:
    for name, has_file in (("whole", True), ("broken", False)):
        about = tmp_path / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "RECORD").write_text(f"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n")
        if has_file:
            (tmp_path / f"{name}.py").write_text("")
    command = [sys.executable, "-S", str(ROOT / ".make" / "broken-packages")]
    done = subprocess.run(command, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["broken==1.0"]


@pytest.mark.parametrize("target", ["help", "demo", "test", "check", "bench", "soak", "clean"])
def test_make_knows_its_targets(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "script", [path.name for path in (ROOT / ".make").iterdir() if "python" not in path.read_text().splitlines()[0]]
)
def test_every_script_parses(script: str) -> None:
    subprocess.run(["bash", "-n", str(ROOT / ".make" / script)], check=True)
