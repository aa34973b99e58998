"""Which pictures are learned from, which are refused, and that a batch is the same whoever prepares it."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import torch

from ml.datasets.reid import ReidSet
from ml.reid.augment import AugmentConfig
from ml.reid.models import ReidNetwork
from ml.reid.training.pictures import Pictures, Unreadable, VariedPictures, batches, choose_pictures, sampler_of
from ml.reid.training.recipe import BatchConfig, DataConfig, LossConfig
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, painted_table, tiny_recipe

UNVARIED = AugmentConfig(flip=0, pad=0, erase=0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    return painted_set(tmp_path_factory.mktemp("painted"))


def with_train(data: ReidSet, rows: npt.NDArray[np.intp]) -> ReidSet:
    return replace(data, train=data.train.take(rows))


def test_held_vehicles_are_not_learned(data: ReidSet) -> None:
    pictures = choose_pictures(data, tiny_recipe(data=DataConfig(held=0.3)))
    learned, held = ({path.name[:4] for path in table.paths} for table in (pictures.learned, pictures.held))
    assert len(learned) == 4
    assert len(held) == 2
    assert not learned & held


def test_rendered_vehicles_come_beside_the_real_ones(data: ReidSet, tmp_path: Path) -> None:
    both = replace(data, synthetic=painted_table(tmp_path, range(5), domain="rendered"))
    counts = [
        len(choose_pictures(both, tiny_recipe(data=config)).learned.dense_identities()[1])
        for config in (
            DataConfig(held=0),
            DataConfig(held=0, synthetic_identities=2),
            DataConfig(held=0, synthetic_identities=0),
            DataConfig(held=0, real=False),
        )
    ]
    assert counts == [11, 8, 6, 5]


def test_a_set_of_rendered_vehicles_alone_is_learned_without_scores(data: ReidSet, tmp_path: Path) -> None:
    rendered = replace(with_train(data, np.arange(0)), synthetic=painted_table(tmp_path, range(5), domain="rendered"))
    pictures = choose_pictures(rendered, tiny_recipe(data=DataConfig(held=0.3)))
    assert (len(pictures.learned), len(pictures.held)) == (20, 0)


def test_digest_tells_sets_apart(data: ReidSet) -> None:
    digests = [choose_pictures(one, tiny_recipe()).digest() for one in (data, data, with_train(data, np.arange(20)))]
    assert digests[0] == digests[1] != digests[2]


def test_digest_tells_contents_and_cameras_apart_that_bear_the_same_names(tmp_path: Path) -> None:
    train = painted_table(tmp_path, range(2), each=3)
    held = train.take(np.zeros(len(train), np.bool_))
    digests = [Pictures(train, held).digest(), Pictures(replace(train, camera=1 - train.camera), held).digest()]
    content = train.paths[5].read_bytes()
    train.paths[5].write_bytes(train.paths[6].read_bytes())
    digests.append(Pictures(train, held).digest())
    assert len(set(digests)) == 3
    train.paths[5].write_bytes(content)
    assert Pictures(train, held).digest() == digests[0]


def test_one_vehicle_cannot_be_compared(data: ReidSet) -> None:
    with pytest.raises(UserError) as error:
        choose_pictures(with_train(data, np.arange(4)), tiny_recipe())
    assert error.value.code == "one-identity"


def test_one_picture_each_has_no_positive_pair(data: ReidSet) -> None:
    single = with_train(data, np.arange(0, 24, 4))
    with pytest.raises(UserError, match=r"6 vehicles has one picture.*loss.alpha to 0") as error:
        choose_pictures(single, tiny_recipe())
    assert error.value.code == "no-positive-pairs"
    assert len(choose_pictures(single, tiny_recipe(loss=LossConfig(alpha=0))).learned) == 6


def test_nothing_to_learn_from(data: ReidSet) -> None:
    with pytest.raises(UserError) as error:
        choose_pictures(data, tiny_recipe(data=DataConfig(real=False)))
    assert error.value.code == "no-training-data"


def test_held_vehicles_seen_by_one_camera_cannot_be_scored(data: ReidSet) -> None:
    one_camera = with_train(data, np.flatnonzero(data.train.camera == 0))
    with pytest.raises(UserError, match=r"set data.held to 0") as error:
        choose_pictures(one_camera, tiny_recipe(data=DataConfig(held=0.3)))
    assert error.value.code == "cannot-validate"


def test_more_vehicles_a_batch_than_there_are(data: ReidSet) -> None:
    with pytest.raises(UserError) as error:
        choose_pictures(data, tiny_recipe(batch=BatchConfig(identities=7, pictures=2)))
    assert error.value.code == "too-few-identities"


def test_unreadable_pictures_are_listed_before_any_training(tmp_path: Path) -> None:
    data = painted_set(tmp_path)
    broken = [data.train.paths[place] for place in (1, 5)]
    for path in broken:
        path.write_bytes(b"no picture")
    with pytest.raises(UserError, match="2 of 24 pictures") as error:
        choose_pictures(data, tiny_recipe())
    assert error.value.code == "picture-unreadable"
    assert all(str(path) in str(error.value) for path in broken)


@pytest.mark.parametrize("sampler", ["identity", "naive", "balanced", "domains"])
def test_every_sampler_fills_the_batches_asked_for(data: ReidSet, sampler: str) -> None:
    recipe = tiny_recipe(batch=BatchConfig(sampler=sampler, identities=3, pictures=2))
    made = sampler_of(data.train, recipe)
    assert made.epoch(0).shape == (len(made), 6)


def test_batches_are_the_same_from_the_middle_and_from_other_processes(data: ReidSet) -> None:
    recipe = tiny_recipe()
    source = VariedPictures(data.train, recipe, ReidNetwork(recipe.model).backbone)
    rows = sampler_of(data.train, recipe).epoch(3)

    def made(first: int, workers: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
        return list(batches(source, rows, epoch=3, first=first, workers=workers, pin=False))

    whole, rest, elsewhere = made(0, 0), made(2, 0), made(0, 1)
    assert len(whole) == len(rows) == len(rest) + 2
    for some in (rest, elsewhere[2:]):
        for left, right in zip(whole[2:], some, strict=True):
            assert torch.equal(left[0], right[0])
            assert torch.equal(left[1], right[1])
    assert whole[0][0].shape == (6, 3, 32, 32)
    labels = whole[0][1][:, 0].tolist()
    assert labels == data.train.dense_identities()[0][rows[0]].tolist()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_picture_that_vanishes_while_training_is_named(tmp_path: Path, workers: int) -> None:
    recipe = tiny_recipe(data=DataConfig(held=0.0))
    table = painted_set(tmp_path).train
    source = VariedPictures(table, recipe, ReidNetwork(recipe.model).backbone)
    table.paths[5].unlink()
    rows = np.arange(6, dtype=np.int64).reshape(2, 3)
    read = batches(source, rows, epoch=0, first=0, workers=workers, pin=False)
    assert len(next(read)[1]) == 3
    with pytest.raises(UserError, match=rf"{table.paths[5].name} is missing") as refused:
        next(read)
    assert refused.value.code == "picture-unreadable"


def test_backgrounds_are_exchanged_where_masks_lie_beside_the_pictures(tmp_path: Path) -> None:
    data = painted_set(tmp_path / "image_set", vehicles=3)
    recipe = tiny_recipe(augment=AugmentConfig(flip=0, pad=0, erase=0, background=1.0))
    with pytest.raises(UserError, match="mask"):
        choose_pictures(data, recipe)
    masks, mask = tmp_path / "image_set" / "mask_own", np.zeros((24, 30), np.uint8)
    mask[:, :15] = 255
    masks.mkdir()
    for path in data.train.paths:
        assert cv2.imwrite(str(masks / f"{path.stem}.png"), mask)
    (tmp_path / "image_set" / "train").rename(tmp_path / "image_set" / "image_own")
    own = tuple(masks.with_name("image_own") / path.name for path in data.train.paths)
    table = choose_pictures(replace(data, train=replace(data.train, paths=own)), recipe).learned

    backbone = ReidNetwork(recipe.model).backbone
    plain, mixed = (VariedPictures(table, replace(recipe, augment=how), backbone) for how in (UNVARIED, recipe.augment))
    differences = torch.stack([picture(mixed, (epoch, 0, 0)) - picture(plain, (epoch, 0, 0)) for epoch in range(4)])
    assert differences[..., :15].abs().max() < 1e-5  # the vehicle
    assert differences[..., 17:].abs().mean() > 0.2


def picture(pictures: VariedPictures, key: tuple[int, int, int]) -> torch.Tensor:
    made = pictures[key]
    assert not isinstance(made, Unreadable)
    return made[0]
