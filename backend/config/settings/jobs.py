"""The broker by `BROKER_URL` (unset means the embedded Valkey) and how jobs are run."""

import os

from backend.config.embedded.valkey import embedded_broker_url
from backend.config.environment import names, seconds
from backend.config.settings.paths import DATA_DIR

BROKER_URL = os.environ.get("BROKER_URL") or embedded_broker_url(DATA_DIR)
BROKER_IS_EMBEDDED = not os.environ.get("BROKER_URL")

# The module whose `run(context)` does a kind of job; the environment replaces or adds some: {"detect": "my.module"}.
JOB_HANDLERS = {
    kind: f"workers.{kind}"
    for kind in (
        "receive",
        "ingest",
        "detect",
        "track",
        "embed",
        "match",
        "evaluate",
        "embed_picture",
        "likeness",
        "train",
        "compare",
        "export_labels",
        "import_labels",
        "import_scene",
        "plan_picture",
    )
}
JOB_HANDLERS |= names("CROSSTRACK_JOB_HANDLERS")

# How often a worker looks after its job (cancelled? hung?) and how often it says that the job's process is alive.
JOB_WATCH_SECONDS = 0.5
JOB_HEARTBEAT_SECONDS = 2.0
# A running job whose worker has been silent this long is taken from it and queued again.
JOB_SILENT_SECONDS = seconds("CROSSTRACK_JOB_SILENT_SECONDS", 30)
# A running job whose process lives but reports no progress this long is killed and queued again.
JOB_HUNG_SECONDS = seconds("CROSSTRACK_JOB_HUNG_SECONDS", 900)
# How long a process that is told to stop may clean up before it is killed.
JOB_GRACE_SECONDS = 1.0
# A queued job whose message may have been lost is sent again after this long.
JOB_RESEND_SECONDS = seconds("CROSSTRACK_JOB_RESEND_SECONDS", 15)
JOB_SWEEP_SECONDS = seconds("CROSSTRACK_JOB_SWEEP_SECONDS", 5)
JOB_MAX_ATTEMPTS = 3
# How long a job outlives a database that does not answer.
JOB_DATABASE_PATIENCE_SECONDS = seconds("CROSSTRACK_JOB_DATABASE_PATIENCE_SECONDS", 120)
