"""Job kind `import_labels`: labels that somebody brought are checked, or imported as one operation."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from zipfile import is_zipfile

from backend.config.problems import Problem
from backend.labels.import_services import label_import_checked, label_import_write
from backend.labels.models import IdsMeaning, LabelImport
from backend.media.storage import local_path
from ml.datasets.archive import ZipLimits, unpack_zip
from ml.datasets.labels import FORMATS, Labels, read_labels
from ml.types import UserError
from workers.context import JobContext
from workers.label_plan import plan_import

LIMITS = ZipLimits(entries=20_000, total_bytes=1 << 30, all_text_bytes=256 << 20)  # all cameras are read together
LONGEST_NAME = 60  # characters; a camera's is 40 at most


def run(context: JobContext) -> None:
    """Raises UserError, with nothing changed, for a file that is refused or labels that do not fit the scene."""
    rows = LabelImport.objects.select_related("scene__current_run", "created_by")
    label_import = rows.filter(pk=context.job.parameters["import"]).first()
    if label_import is None:
        raise UserError("import-gone", "This import is no longer there; send the file again.")
    if label_import.operation_id is not None:  # by another job: this one failed, and was tried again later
        raise UserError("already-imported", f"{label_import.file_name} was imported already.")
    labels = _read(label_import, context)
    try:
        plan = plan_import(label_import.scene, labels, IdsMeaning(label_import.ids))
        with context.publish():
            if context.job.parameters["apply"]:
                actor = context.job.created_by or label_import.created_by
                label_import_write(label_import=label_import, actor=actor, edits=plan.edits, report=plan.report)
            else:
                label_import_checked(label_import=label_import, report=plan.report)
    except Problem as problem:
        raise UserError(problem.code, problem.detail) from None


def _read(label_import: LabelImport, context: JobContext) -> Labels:
    with tempfile.TemporaryDirectory() as scratch, local_path(label_import.file) as file:
        context.progress(0, 2, "steps")
        labels = read_labels(label_import.format, unpacked(file, label_import, Path(scratch) / "files"))
        context.progress(1, 2, "steps")
        return labels


def unpacked(file: Path, label_import: LabelImport, folder: Path) -> Path:
    """The folder with the files of the import. UserError as `unpack_zip`, or for one file of a format of folders."""
    if is_zipfile(file):
        try:
            unpack_zip(file, folder, LIMITS)
        except UserError as error:
            raise UserError(error.code, str(error).replace(file.name, label_import.file_name)) from None
        return folder
    suffix = FORMATS[label_import.format].suffix
    if not suffix:
        message = f"{label_import.file_name} is no zip; pack the folder of cameras with their files into one."
        raise UserError("zip-unreadable", message)
    folder.mkdir()
    stem = Path(label_import.file_name.replace("\\", "/")).stem.lstrip(".")[:LONGEST_NAME] or "labels"
    shutil.copyfile(file, folder / f"{stem}{suffix}")
    return folder
