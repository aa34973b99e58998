"""What `manage.py doctor` looks at. Each check answers with what it found and, if that is not well, what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from backend.config.health import broker_answers, database_answers

ENOUGH_DISK_GB = 5.0


@dataclass(frozen=True)
class Finding:
    """state  "ok", "note" (works, but know this) or "problem"; `remedy` is a sentence for the last two"""

    name: str
    state: str
    found: str
    remedy: str = ""


def findings() -> Iterator[Finding]:
    """All checks in turn; one that fails in an unforeseen way is itself a problem to show."""
    for name, check in CHECKS.items():
        try:
            yield check()
        except Exception as error:  # a doctor that dies of one illness cannot name the others
            yield Finding(name, "problem", f"{type(error).__name__}: {error}", "This is a bug worth reporting.")


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok", f"{version} at {sys.executable}")


def vision() -> Finding:
    code = (
        "import cv2, av, onnxruntime\n"
        "print(f'OpenCV {cv2.__version__}, PyAV {av.__version__}, ONNX Runtime {onnxruntime.__version__}')"
    )
    return _in_python("vision", code, "Run `make demo`, which installs missing packages and system libraries.")


def codecs() -> Finding:
    code = (
        "import av\n"
        "needed = [('h264', 'r'), ('hevc', 'r'), ('mpeg4', 'r'), ('libx264', 'w')]\n"
        "missing = []\n"
        "for name, mode in needed:\n"
        "    try: av.codec.Codec(name, mode)\n"
        "    except av.codec.codec.UnknownCodecError: missing.append(name)\n"
        "assert not missing, 'PyAV lacks ' + ', '.join(missing)\n"
        "print('H.264, HEVC and MPEG-4 are read, H.264 is written')"
    )
    return _in_python("codecs", code, "Reinstall PyAV from its wheel: .venv/bin/pip install --force-reinstall av")


def gpu() -> Finding:
    code = (
        "import torch\n"
        "cpu = 'none: work runs on the CPU'\n"
        "print(torch.cuda.get_device_name(0) if torch.cuda.is_available() else cpu)"
    )
    found = _in_python("gpu", code, "Run `make demo`, which installs torch.")
    if found.state == "ok" and found.found.startswith("none") and shutil.which("nvidia-smi"):
        remedy = (
            "An NVIDIA driver is here but torch cannot use it: compare `nvidia-smi` with the CUDA version of torch."
        )
        return Finding("gpu", "note", found.found, remedy)
    return found


def weights() -> Finding:
    command = [sys.executable, "-m", "ml", "weights", "list"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=settings.BASE_DIR)
    if done.returncode != 0:
        return Finding("weights", "problem", _last_line(done.stderr), "See `python -m ml weights list`.")
    return Finding("weights", "ok", "; ".join(line.strip() for line in done.stdout.splitlines() if line.strip()))


def database() -> Finding:
    kind = "embedded" if settings.DATABASE_IS_EMBEDDED else "external"
    if not database_answers():
        remedy = "Run `manage.py services start`." if kind == "embedded" else "Check DATABASE_URL and that server."
        return Finding("database", "problem", f"the {kind} PostgreSQL does not answer", remedy)
    with connection.cursor() as cursor:
        cursor.execute("select default_version from pg_available_extensions where name = 'vector'")
        vector = cursor.fetchone()
        cursor.execute("show server_version")
        (version,) = cursor.fetchone()
    if vector is None:
        return Finding("database", "problem", "pgvector is not there", "Use a PostgreSQL server with pgvector.")
    return Finding("database", "ok", f"{kind} PostgreSQL {version} with pgvector {vector[0]}")


def migrations() -> Finding:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return Finding("migrations", "problem", "unknown: the database does not answer", "Start the database first.")
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("migrations", "problem", f"{len(waiting)} not applied", "Run `manage.py migrate`.")
    return Finding("migrations", "ok", "all applied")


def broker() -> Finding:
    kind = "embedded" if settings.BROKER_IS_EMBEDDED else "external"
    if broker_answers():
        return Finding("broker", "ok", f"{kind}, answers")
    remedy = "Run `manage.py services start`." if kind == "embedded" else "Check BROKER_URL and that server."
    return Finding("broker", "problem", f"the {kind} broker does not answer", remedy)


def disk() -> Finding:
    folder = _existing(settings.DATA_DIR)
    free = shutil.disk_usage(folder).free / 1e9
    text = f"{free:.0f} GB free for {settings.DATA_DIR}"
    if free < ENOUGH_DISK_GB:
        return Finding(
            "disk", "note", text, "Videos need room: free some space or set CROSSTRACK_DATA to another disk."
        )
    return Finding("disk", "ok", text)


def pages() -> Finding:
    if (settings.FRONTEND_DIST / "index.html").is_file():
        return Finding("front end", "ok", f"built in {settings.FRONTEND_DIST}")
    node = shutil.which("node")
    remedy = "Run `make demo`, which builds it." if node else "Install Node.js 20 or newer, then run `make demo`."
    return Finding("front end", "problem", "not built", remedy)


def _in_python(name: str, code: str, remedy: str) -> Finding:
    """Run a check in a process of its own: the web side never loads vision libraries."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return Finding(name, "problem", _last_line(done.stderr), remedy)
    return Finding(name, "ok", done.stdout.strip())


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())


CHECKS: dict[str, Callable[[], Finding]] = {
    "python": python,
    "vision": vision,
    "codecs": codecs,
    "gpu": gpu,
    "weights": weights,
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "disk": disk,
    "front end": pages,
}
