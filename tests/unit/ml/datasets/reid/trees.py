"""Small sets written in the published layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

Items = Sequence[Mapping[str, str]]


def write_pictures(folder: Path, names: Iterable[str], size: tuple[int, int] = (8, 6)) -> None:
    """Pictures of (width, height) with a level of grey of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        level = np.full((size[1], size[0], 3), 20 * place % 256, np.uint8)
        assert cv2.imwrite(str(folder / name), level)


def write_labels(path: Path, items: Items, encoding: str = "gb2312", note: str = "车辆") -> None:
    """A label file as the sets have them: declared gb2312, with something in it that is not ASCII."""
    rows = "\n".join("<Item " + " ".join(f'{key}="{value}"' for key, value in item.items()) + " />" for item in items)
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<!-- {note} -->\n<TrainingImages Version="1.0">\n'
    text += f'<Items number="{len(items)}">\n{rows}\n</Items>\n</TrainingImages>\n'
    path.write_bytes(text.encode(encoding))


def veri_item(name: str, **more: str) -> dict[str, str]:
    identity, camera = name.split("_")[:2]
    return {"imageName": name, "vehicleID": identity, "cameraID": camera, **more}


VERI_TRAIN = ["0001_c001_00016450_0.jpg", "0001_c002_00016460_0.jpg", "0004_c001_00000010_0.jpg"]
VERI_QUERY = ["0002_c001_00030600_0.jpg", "0003_c003_00030600_0.jpg"]
VERI_TEST = [
    "0002_c001_00030605_0.jpg",
    "0002_c002_00030900_0.jpg",
    "0003_c001_00000005_0.jpg",
    "0005_c003_00000005_0.jpg",
]


def write_veri(path: Path) -> Path:
    """Two training vehicles; two queries (2 and 3); a gallery of four with a distractor (5)."""
    for folder, names in (("train", VERI_TRAIN), ("query", VERI_QUERY), ("test", VERI_TEST)):
        write_pictures(path / f"image_{folder}", names)
        (path / f"name_{folder}.txt").write_text("\n".join(names) + "\n")
    write_labels(path / "train_label.xml", [veri_item(name, colorID="5", typeID="3") for name in VERI_TRAIN])
    write_labels(path / "test_label.xml", [veri_item(name, colorID="1", typeID="0") for name in VERI_TEST])
    (path / "gt_index.txt").write_text("2\n3\n")
    (path / "jk_index.txt").write_text("1 \n\n")
    return path


def write_aicity(path: Path, *, labelled: bool = True) -> Path:
    """Three training pictures of two vehicles, a query and two gallery pictures, numbered as in the 2021 release."""
    for folder, count in (("train", 3), ("query", 1), ("test", 2)):
        write_pictures(path / f"image_{folder}", [f"{number:06d}.jpg" for number in range(1, count + 1)])
    train = [("000001.jpg", "0347", "c026"), ("000002.jpg", "0347", "c027"), ("000003.jpg", "0012", "c026")]
    write_labels(path / "train_label.xml", [{"imageName": n, "vehicleID": v, "cameraID": c} for n, v, c in train])
    if labelled:
        write_labels(path / "query_label.xml", [{"imageName": "000001.jpg", "cameraID": "c006"}])
        write_labels(
            path / "test_label.xml",
            [{"imageName": "000001.jpg", "cameraID": "c007"}, {"imageName": "000002.jpg", "cameraID": "c006"}],
        )
    (path / "train_track.txt").write_text("000001.jpg\n000003.jpg \n")
    (path / "test_track.txt").write_text("000002.jpg 000001.jpg\n")
    return path


def write_vehiclex(path: Path) -> Path:
    names = ["00001_c001_1.jpg", "00001_c004_2.jpg", "00002_c011_1.jpg"]
    write_pictures(path / "sys_image_train", names)
    items = [
        veri_item(name, colorID="7", typeID="10", orientation=angle, lightInt="2.1", camHei="3")
        for name, angle in zip(names, ("87.3", "274", "0"), strict=True)
    ]
    write_labels(path / "train_label.xml", items, encoding="utf-8")
    return path
