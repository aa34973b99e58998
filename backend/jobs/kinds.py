"""Which queue each kind of job waits in (rule 9: heavy work never blocks the light one)."""

from __future__ import annotations

from backend.jobs.models import JobKind, Queue

QUEUE_OF_KIND = {
    JobKind.RECEIVE: Queue.MEDIA,
    JobKind.INGEST: Queue.MEDIA,
    JobKind.DETECT: Queue.INFER,
    JobKind.TRACK: Queue.INFER,
    JobKind.EMBED: Queue.INFER,
    JobKind.MATCH: Queue.DEFAULT,
    JobKind.EVALUATE: Queue.DEFAULT,
    JobKind.EMBED_PICTURE: Queue.DEFAULT,
    JobKind.LIKENESS: Queue.DEFAULT,
    JobKind.TRAIN: Queue.TRAIN,
    JobKind.COMPARE: Queue.TRAIN,
    JobKind.EXPORT_LABELS: Queue.MEDIA,
    JobKind.IMPORT_LABELS: Queue.DEFAULT,
    JobKind.IMPORT_SCENE: Queue.MEDIA,
    JobKind.PLAN_PICTURE: Queue.DEFAULT,
}
