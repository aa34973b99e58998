import pytest

from ml.threads import cpu_threads


@pytest.mark.parametrize(
    ("wanted", "stated", "threads"), [(3, "1", 3), (0, "1", 1), (0, None, 0), (0, "", 0), (0, "4,3", 0)]
)
def test_a_setting_comes_before_the_environment_and_that_before_all_cores(
    monkeypatch: pytest.MonkeyPatch, wanted: int, stated: str | None, threads: int
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if stated is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", stated)
    assert cpu_threads(wanted) == threads
