"""`python -m ml rerank`: files in, a file out."""

import json
from pathlib import Path

import numpy as np
import pytest

from ml.cli.main import main
from ml.matching.reranking.k_reciprocal import k_reciprocal
from ml.matching.reranking.measures import cosine

QUERY = np.random.default_rng(0).normal(size=(3, 4))
GALLERY = np.random.default_rng(1).normal(size=(9, 4)).astype(np.float32)


@pytest.fixture
def features(tmp_path: Path) -> list[str]:
    for name, values in (("q", QUERY), ("g", GALLERY)):
        np.save(tmp_path / f"{name}.npy", values)
    return ["rerank", "--query", str(tmp_path / "q.npy"), "--gallery", str(tmp_path / "g.npy")]


def test_distances_are_written(features: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "made" / "d.npy"
    chosen = ["--method", "k-reciprocal", "--k1", "4", "--k2", "2", "--lambda", "0.5", "--out", str(out), "--json"]

    assert main([*features, *chosen]) == 0

    assert (np.load(out) == k_reciprocal(QUERY, GALLERY, k1=4, k2=2, lambda_=0.5)).all()
    sides = {"queries": 3, "gallery": 9, "out": str(out)}
    assert json.loads(capsys.readouterr().out) == {"method": "k-reciprocal", "k1": 4, "k2": 2, "lambda": 0.5, **sides}
    assert [path.name for path in out.parent.iterdir()] == ["d.npy"]


def test_plain_distances_are_a_method_too(features: list[str], tmp_path: Path) -> None:
    out = tmp_path / "d.npy"

    assert main([*features, "--method", "cosine", "--out", str(out)]) == 0

    assert (np.load(out) == cosine(QUERY, GALLERY)).all()


@pytest.mark.parametrize(
    ("gallery", "chosen", "reason"),
    [
        (GALLERY[:, :2], [], "query features have 4 values and gallery features 2"),
        (GALLERY * np.nan, [], "row 1 of the gallery features holds something that is no number"),
        (GALLERY[:0], [], "there are no gallery features"),
        (GALLERY, ["--lambda", "2"], "re-ranking setting lambda is 2.0; it must be within 0..1"),
    ],
)
def test_what_cannot_be_ranked_is_refused_and_nothing_written(
    gallery: np.ndarray,
    chosen: list[str],
    reason: str,
    features: list[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    np.save(tmp_path / "g.npy", gallery)

    assert main([*features, *chosen, "--out", str(tmp_path / "d.npy")]) == 2

    assert reason in capfd.readouterr().err
    assert not (tmp_path / "d.npy").exists()
