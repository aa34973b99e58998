"""The card that is written beside a file of scatter."""

import hashlib
from pathlib import Path

from ml.reid.fit_scatter import card_file, card_of
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe


def test_the_card_names_the_file_by_its_checksum_and_every_vehicle_that_it_has_seen(tmp_path: Path) -> None:
    data, weights = painted_set(tmp_path), tmp_path / "scatter.safetensors"
    weights.write_bytes(b"as written")
    card = card_of(weights, data, tiny_recipe())
    assert card_file(weights) == tmp_path / "scatter.json"
    assert (card["weights"], card["data"]) == ("scatter.safetensors", data.name)
    assert card["sha256"] == hashlib.sha256(b"as written").hexdigest()
    learned = card["learned"]
    assert isinstance(learned, dict)
    assert learned["numbers"]["real"] == sorted(set(data.train.identity.tolist()))
    assert (learned["vehicles"], learned["pictures"]) == (len(learned["numbers"]["real"]), len(data.train))
