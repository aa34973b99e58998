"""The furniture libraries on disk, and the models built from them, kept for the next time."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ml.synthesis.mesh import Mesh, clustered
from ml.synthesis.models.building import build
from ml.synthesis.models.catalogue import Entry, catalogue
from ml.synthesis.models.textures import SIDE, Layer, decoded
from ml.synthesis.models.visible import outer_triangles
from ml.synthesis.models.wavefront import parse_materials, parse_object
from ml.types import Double2D, Progress, UserError, no_progress
from ml.weights.store import download_folder

PLACES = (Path("/usr/share/sweethome3d/furniture"),)
CELLS = (0.025, 0.05, 0.1, 0.2)  # metres: the levels of detail
_FORMAT = 3
_HELP = (
    "Install Debian's package sweethome3d-furniture (apt-get install sweethome3d-furniture), or unpack it anywhere "
    "(apt-get download sweethome3d-furniture && dpkg -x sweethome3d-furniture_*.deb FOLDER) and name that FOLDER "
    "with --models."
)


@dataclass(frozen=True)
class Model:
    """A model of the catalogue, its levels of detail from the finest to the coarsest."""

    entry: Entry
    levels: tuple[Mesh, ...]

    @cached_property
    def bounds(self) -> Double2D:
        """[2, 3] lowest and highest corner, metres."""
        return self.levels[0].bounds().astype(np.float64)

    @cached_property
    def roof_height(self) -> float:
        """Metres up to the roof where a load stands."""
        points = self.levels[0].points
        near = points[(np.abs(points[:, 0] - (self.entry.roof or 0.0)) < 1.0) & (np.abs(points[:, 1]) < 0.5)]
        return float(np.percentile(near[:, 2], 98)) if len(near) else self.size[2]

    @cached_property
    def size(self) -> tuple[float, float, float]:
        """Length, width, height in metres."""
        low, high = self.bounds
        length, width, height = (high - low).tolist()
        return length, width, height


@dataclass(frozen=True)
class Library:
    """All models by name, and the texture layers [k, side, side, 4] that they use."""

    models: dict[str, Model]
    layers: Layer


def find_libraries(folder: Path | None) -> Path:
    """The folder with the .sh3f files: `folder`, one below it, or where Debian puts them; UserError models-missing."""
    places = [folder, *(folder.rglob("furniture") if folder.is_dir() else ())] if folder is not None else [*PLACES]
    wanted = sorted({f"{entry.library}.sh3f" for entry in catalogue().values()})
    for place in places:
        if all((place / name).is_file() for name in wanted):
            return place
    where = folder if folder is not None else PLACES[0]
    raise UserError("models-missing", f"{where} does not hold the vehicle models ({', '.join(wanted)}). {_HELP}")


def load_library(folder: Path | None = None, progress: Progress = no_progress) -> Library:
    """The models, built once for each version of the libraries and then read from the data folder."""
    source = find_libraries(folder)
    stored = download_folder().parent / "vehicle-models" / f"{_key(source)}.npz"
    if not stored.is_file():
        _store(_build_all(source, progress), stored)
    return _read(stored)


def _key(source: Path) -> str:
    files = sorted((path.name, path.stat().st_size) for path in source.glob("*.sh3f"))
    return hashlib.sha256(repr((_FORMAT, CELLS, SIDE, files, catalogue())).encode()).hexdigest()[:16]


def _build_all(source: Path, progress: Progress) -> Library:
    layers: dict[tuple[str, str], Layer] = {}
    models = {}
    for done, entry in enumerate(catalogue().values()):
        progress(done, len(catalogue()), "models")
        with zipfile.ZipFile(source / f"{entry.library}.sh3f") as archive:
            models[entry.name] = Model(entry, _levels(_read_model(archive, entry, layers), entry))
    progress(len(catalogue()), len(catalogue()), "models")
    return Library(models, np.stack(list(layers.values())))


def _levels(mesh: Mesh, entry: Entry) -> tuple[Mesh, ...]:
    """Without what cannot be seen from outside, and ever coarser."""
    finest = clustered(mesh, CELLS[0])
    if entry.keep < 1:
        chosen = np.random.default_rng(1).random(len(finest.triangles)) < entry.keep
        finest = finest.keeping(chosen)
    outer = finest.keeping(outer_triangles(finest)) if entry.kind == "vehicles" else finest
    return (outer, *(clustered(outer, cell) for cell in CELLS[1:]))


def _read_model(archive: zipfile.ZipFile, entry: Entry, layers: dict[tuple[str, str], Layer]) -> Mesh:
    names = [name for name in archive.namelist() if name.startswith(f"{entry.model}/")]
    try:
        geometry = next(name for name in names if name.endswith(".obj"))
        materials = next(name for name in names if name.endswith(".mtl"))
        size = _sizes(archive)[f"/{geometry}"]
    except (StopIteration, KeyError):
        raise UserError("models-missing", f"{archive.filename} has no model {entry.model}. {_HELP}") from None

    def layer_of(texture: str) -> int:
        name = f"{entry.model}/{texture}"
        key = (entry.library, name)
        if key not in layers:
            layers[key] = decoded(name, archive.read(name))
        return list(layers).index(key)

    return build(
        parse_object(archive.read(geometry).decode("latin-1")),
        parse_materials(archive.read(materials).decode("latin-1")),
        size=size,
        paint=entry.paint,
        layer_of=layer_of,
    )


def _sizes(archive: zipfile.ZipFile) -> dict[str, tuple[float, float, float]]:
    """Model path -> width, depth and height in metres, as the library's own catalogue says."""
    text = archive.read("PluginFurnitureCatalog.properties").decode("latin-1")
    values: dict[str, str] = dict(re.findall(r"^(\w+#\d+)\s*=\s*(.*?)\s*$", text, re.MULTILINE))
    numbers = [key.partition("#")[2] for key in values if key.startswith("model#")]
    return {
        values[f"model#{number}"]: (
            float(values[f"width#{number}"]) / 100,
            float(values[f"depth#{number}"]) / 100,
            float(values[f"height#{number}"]) / 100,
        )
        for number in numbers
    }


def _store(library: Library, path: Path) -> None:
    arrays: dict[str, Any] = {"layers": library.layers}
    for name, model in library.models.items():
        for level, mesh in enumerate(model.levels):
            arrays[f"{name}/{level}/vertices"] = mesh.vertices
            arrays[f"{name}/{level}/triangles"] = mesh.triangles
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with partial.open("wb") as stream:
        np.savez(stream, **arrays)
    partial.replace(path)


def _read(path: Path) -> Library:
    with np.load(path) as stored:
        models = {
            name: Model(
                entry,
                tuple(
                    Mesh(stored[f"{name}/{level}/vertices"], stored[f"{name}/{level}/triangles"])
                    for level in range(len(CELLS))
                ),
            )
            for name, entry in catalogue().items()
        }
        return Library(models, stored["layers"])
