"""Labels on their way to pictures."""

from __future__ import annotations

import pytest

from backend.labels.models import LabelSet
from ml.types import UserError
from workers.label_videos import content_of_set


def test_a_label_set_whose_file_is_gone_is_something_that_a_person_can_put_right() -> None:
    with pytest.raises(UserError, match="restore it from a backup") as refused:
        content_of_set(LabelSet(number=1, file="nowhere.npz", sha256="0" * 64))
    assert refused.value.code == "label-set-damaged"
