"""A job's process as its supervisor sees it: started, listened to, and ended for certain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress

from django.conf import settings

from backend.jobs.services import Claim

LAST_WORDS = 40


class ChildProcess:
    """One `workers.child`, leader of a process group of its own, so that all it started ends with it.

    What it says on standard error goes on to the worker's; the last lines are kept for the case that it dies.
    """

    def __init__(self, claim: Claim) -> None:
        command = [sys.executable, "-m", "workers.child", str(claim.job_id), str(claim.token), str(os.getpid())]
        self._process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            text=True,
            errors="replace",
        )
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ended(self, *, within_s: float) -> bool:
        """Whether the process ends in that time."""
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End it and all that it started: asked first, killed after JOB_GRACE_SECONDS. Safe on one that has ended."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            self.ended(within_s=settings.JOB_GRACE_SECONDS)
        self._signal(signal.SIGKILL)
        self._process.wait()
        self._listener.join(1)

    def death(self) -> str:
        """How it ended, as the end of a sentence that starts with "because"."""
        code = self._process.returncode
        if code is not None and code < 0:
            hint = " (out of memory?)" if code == -signal.SIGKILL else ""
            return f"its process was killed by {signal.Signals(-code).name}{hint}"
        return f"its process ended with exit code {code} before it had said how the job ended"

    def last_words(self) -> str:
        return "".join(self._last_words)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _listen(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self._last_words.append(line)
                sys.stderr.write(line)
