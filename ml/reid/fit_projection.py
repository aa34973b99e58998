"""Fit the projection of EfficientNet-Lite0's features on a ReID set's train folders.

    python -m ml.reid.fit_projection REID_DIR --out fixtures/weights/efficientnet-lite0-lda.npz

REID_DIR is laid out as AI City's Track 2: image_train with train_label.xml, sys_image_train with sys_train_label.xml.
Query and test folders are not looked at.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import cv2
import numpy as np

from ml.reid.config import EmbedderConfig
from ml.reid.efficientnet import EfficientNetLite0
from ml.reid.projection import LabelledFeatures, fit_projection
from ml.types import Image, UserError

FOLDERS = (("image_train", "train_label.xml"), ("sys_image_train", "sys_train_label.xml"))
SIZE, SHRINKAGE = 64, 0.1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    embedder = EfficientNetLite0(EmbedderConfig(), device="cpu")
    domains = [labelled_features(options.data, *names, embedder) for names in FOLDERS]
    fit_projection(domains, size=SIZE, shrinkage=SHRINKAGE).save(options.out)
    sys.stdout.write(f"{options.out}: {sum(len(domain.vehicles) for domain in domains)} images\n")


def labelled_features(data: Path, folder: str, labels: str, embedder: EfficientNetLite0) -> LabelledFeatures:
    """The features of a folder's images, and the vehicle of each by its label file."""
    items = read_labels(data / labels)
    pictures = [read_picture(data / folder / name) for name, _ in items]
    return LabelledFeatures(embedder.embed(pictures), np.array([vehicle for _, vehicle in items]))


def read_labels(path: Path) -> list[tuple[str, int]]:
    """(image name, vehicle) of each `<Item imageName="..." vehicleID="..."/>`.

    The files declare gb2312, which XML parsers do not know; what is read of them is ASCII.
    """
    text = path.read_bytes().decode("ascii", errors="replace")
    items = [dict(re.findall(r'(\w+)="([^"]*)"', item)) for item in re.findall(r"<Item\b[^>]*>", text)]
    if not items:
        raise UserError("malformed-file", f"{path} lists no Item; point at an AI City Track 2 folder")
    return [(item["imageName"], int(item["vehicleID"])) for item in items]


def read_picture(path: Path) -> Image:
    """[h, w, 3] RGB."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise UserError("malformed-file", f"{path} is not a picture that can be read")
    return np.asarray(picture, np.uint8)


if __name__ == "__main__":
    main()
