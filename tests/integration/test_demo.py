"""`manage.py demo` from the outside: what it says when something is wrong, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.integration.external import open_folder
from tests.ports import free_port
from tests.processes import command_line, has_ended
from tests.services import PATIENCE, wait_for

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "frontend" / "dist" / "index.html"
is_root = os.geteuid() == 0


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "OMP_NUM_THREADS") if name in os.environ}
    return {**clean, "CROSSTRACK_DATA": str(data_dir), **more}


def refused(data_dir: Path, *arguments: str, **more: str) -> str:
    """What the command says when it refuses: one sentence, exit code 1, no trace."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(
        command, env=environment(data_dir, **more), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr.strip()


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small file system in memory at `folder`; skips where we may not mount."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("mounting a small file system is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_taken_port_is_named_before_any_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        sentence = refused(tmp_path, "demo", "--port", str(port))
    assert f"Port {port} on 127.0.0.1 cannot be used (taken by" in sentence
    assert f"PORT={port + 1}" in sentence
    assert not (tmp_path / "postgres").exists()


def test_a_second_demo_on_one_data_folder_is_told_about_the_first(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    holder = subprocess.Popen(
        ["flock", str(tmp_path / "run" / "demo.lock"), "-c", f"echo 4711 > {tmp_path}/run/demo.lock; echo up; read x"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        sentence = refused(tmp_path, "demo", "--port", str(free_port()))
    finally:
        holder.communicate(b"\n")
    assert "already runs" in sentence
    assert "process 4711" in sentence


@pytest.mark.skipif(not is_root, reason="only root can make another user's folder")
def test_a_data_folder_on_a_read_only_disk_is_refused(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "ro,size=1m") as disk:
        assert "cannot be written by this user" in refused(disk / "data", "demo", "--port", str(free_port()))


@pytest.mark.skipif(is_root, reason="root may write everywhere")
def test_a_data_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be written by this user" in refused(tmp_path, "demo", "--port", str(free_port()))


@pytest.mark.skipif(not is_root, reason="only root can mount a small disk")
def test_a_full_disk_is_named_before_any_work(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=8m,mode=755") as disk:
        assert "is full" in refused(disk, "demo", "--port", str(free_port()))
        assert not (disk / "postgres").exists()


@pytest.mark.skipif(not is_root, reason="only root can mount a small disk")
def test_a_disk_that_fills_up_while_the_database_is_made_is_named(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "size=24m,mode=755") as disk:
        sentence = refused(disk, "services", "start")
        assert f"The disk that holds {disk} is full" in sentence


def test_a_missing_system_library_is_named_with_the_packages_that_bring_it(tmp_path: Path) -> None:
    if not PAGES.is_file():
        pytest.skip("the front end is not built")
    modules = tmp_path / "modules"
    modules.mkdir()
    error = "libGL.so.1: cannot open shared object file: No such file or directory"
    (modules / "cv2.py").write_text(f"raise ImportError({error!r})\n")
    sentence = refused(tmp_path, "demo", "--port", str(free_port()), PYTHONPATH=str(modules))
    assert "libGL.so.1 is missing" in sentence
    assert "libgl1" in sentence


def test_a_port_that_is_no_number_is_refused(tmp_path: Path) -> None:
    assert "PORT=http is not a number" in refused(tmp_path, "demo", "--port", "http")


class Demo:
    """A running demo and what it has said so far."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.output = data_dir / "demo.out"
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(self.port)]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, env=environment(self.data_dir), cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def wait_for(self, text: str) -> None:
        def is_said() -> bool:
            said = self.output.read_text()
            assert self.process.poll() is None or text in said, said
            return text in said

        wait_for(is_said, seconds=120, what=f"the demo to say {text!r}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def family(self) -> list[psutil.Process]:
        """Every living process that works on this data folder, the demo itself included."""
        return [process for process in psutil.process_iter() if _works_on(process, self.data_dir)]

    def named(self, part: str) -> list[psutil.Process]:
        return [process for process in self.family() if part in " ".join(command_line(process))]


def _works_on(process: psutil.Process, data_dir: Path) -> bool:
    with suppress(psutil.Error):
        if has_ended(process) or process.pid == os.getpid():
            return False
        mentioned = str(data_dir) in " ".join(command_line(process))
        return mentioned or process.environ().get("CROSSTRACK_DATA") == str(data_dir)
    return False


@contextmanager
def running_in(folder: Path) -> Iterator[Demo]:
    if not PAGES.is_file():
        pytest.skip("the front end is not built")
    running = Demo(folder)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        for process in running.family():
            with suppress(psutil.NoSuchProcess):
                process.kill()


def stop_in_the_middle(demo: Demo, number: signal.Signals) -> None:
    demo.wait_for("while the pipeline runs")
    assert len(demo.named("celery")) >= 2
    assert demo.named("gunicorn")
    assert demo.stop(number) == 0
    assert "Stopped; the next start goes on from here." in demo.output.read_text()
    wait_for(lambda: not demo.family(), what="every process to be gone")


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """The data folder of a demo that Ctrl-C stopped in the middle of its first run. Not to be changed."""
    with open_folder() as folder, running_in(folder) as first:
        stop_in_the_middle(first, signal.SIGINT)
        yield folder


@pytest.fixture
def demo(begun: Path) -> Iterator[Demo]:
    """A demo that goes on from there: a new database and its schema are made once for all tests."""
    with open_folder() as folder:
        subprocess.run(["cp", "-a", f"{begun}/.", str(folder)], check=True)
        with running_in(folder) as running:
            yield running


def test_ctrl_c_leaves_no_process_and_a_database_that_is_whole(begun: Path) -> None:
    assert not [process for process in psutil.process_iter() if _works_on(process, begun)]
    assert not (begun / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_stopping_in_the_middle_of_the_run_leaves_no_process(demo: Demo, number: signal.Signals) -> None:
    stop_in_the_middle(demo, number)


def test_after_kill_9_programs_end_and_the_next_start_takes_over(demo: Demo) -> None:
    demo.wait_for("while the pipeline runs")
    users = (demo.data_dir / "demo-users.json").read_text()
    demo.process.kill()
    demo.process.wait()
    wait_for(lambda: not demo.named("celery") and not demo.named("gunicorn"), what="programs to end")
    demo.start()
    demo.wait_for("while the pipeline runs")
    assert "is there" in demo.output.read_text()
    assert (demo.data_dir / "demo-users.json").read_text() == users


def test_a_killed_web_server_and_a_killed_database_are_started_again(demo: Demo) -> None:
    demo.wait_for("while the pipeline runs")
    master = min(demo.named("gunicorn"), key=lambda process: process.create_time())
    master.kill()
    demo.wait_for("web server stopped (SIGKILL) and was started again")
    database = int((demo.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(database, signal.SIGKILL)
    demo.wait_for("the database had stopped and was started again")
    assert demo.process.poll() is None


def test_passwords_are_random_private_and_not_the_same_in_two_places(begun: Path) -> None:
    file = begun / "demo-users.json"
    passwords: dict[str, str] = json.loads(file.read_text())
    assert set(passwords) == {"viewer", "analyst", "manager", "admin"}
    assert len(set(passwords.values())) == 4
    assert all(len(password) >= 12 for password in passwords.values())
    assert file.stat().st_mode & 0o777 == 0o600
