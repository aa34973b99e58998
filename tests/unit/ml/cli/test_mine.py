"""`python -m ml mine`: what is refused before a set is read."""

from pathlib import Path

import pytest

from ml.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--count", "9"], "--count goes with --method k-means, not with identities."),
        (["--method", "k-means", "--d-n", "0.9"], "--d-n goes with --method identities, not with k-means."),
        (["--method", "k-means", "--settings", "s.yaml"], "--settings goes with --method clusters, not with k-means."),
        (["--method", "clusters", "--settings", "nowhere.yaml"], "nowhere.yaml does not exist."),
        (["--first", "3"], "nowhere is no folder."),
    ],
)
def test_options_that_do_not_fit_are_refused(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mine", "nowhere", *arguments, "--out", str(tmp_path / "labels.csv")]) == 2
    assert reason in capsys.readouterr().err
