"""`python -m ml eval reid`: which options go together, and what is refused before a network is loaded."""

from pathlib import Path

import pytest

from ml.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--distmat", "d.npy", "--query", "q.csv"], "--distmat needs --gallery."),
        (
            ["--distmat", "d.npy", "--query", "q.csv", "--gallery", "g.csv", "--post", "p"],
            "--post does not go with --dist",
        ),
        (
            ["--distmat", "d.npy", "--query", "q.csv", "--gallery", "g.csv", "--sheet", "s.png"],
            "--sheet does not go with --dist",
        ),
        (["--data", ".", "--query", "q.csv"], "--query does not go with --data."),
        (["--data", ".", "--post", "nowhere.yaml"], "nowhere.yaml does not exist."),
        (["--data", "nowhere"], "nowhere is no folder."),
    ],
)
def test_options_that_do_not_fit_are_refused(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "reid", *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_a_post_file_is_read_before_anything_is_embedded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "post.yaml").write_text("steps: [{k_reciprocal: {k3: 1}}]")

    assert main(["eval", "reid", "--data", str(tmp_path), "--post", str(tmp_path / "post.yaml")]) == 2

    assert "step 1, k_reciprocal: unknown setting 'k3'; there are k1, k2, lambda, " in capsys.readouterr().err
