"""Scores as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ml.evaluation import DetectionScore, Evaluation, MotScore
from ml.evaluation.compare import Comparison, IdentityChange
from ml.evaluation.errors import Confusion, Errors, Stretch
from ml.evaluation.filters import CameraFilter
from ml.evaluation.groups import GroupScore
from ml.evaluation.ranking import RankingScore

SHARES = ("idf1", "idp", "idr", "mota", "motp", "hota", "deta", "assa", "loca")
COUNTS = ("switches", "fragmentations", "mostly_tracked", "partly_tracked", "mostly_lost")
SHORT = {
    "switches": "IDSW",
    "fragmentations": "Frag",
    "mostly_tracked": "MT",
    "partly_tracked": "PT",
    "mostly_lost": "ML",
}
NAMES = {"deta": "DetA", "assa": "AssA", "loca": "LocA", **SHORT}
SHOWN = 10  # errors of a kind; --json has all of them


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of columns that line up: the first to the left, the others to the right."""
    listed = [list(heading), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in listed) for column in range(len(heading))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in listed
    ]


def score_table(evaluation: Evaluation) -> list[str]:
    """All figures over all cameras and of each."""
    scores: dict[str, MotScore] = {"all": evaluation.score}
    if len(evaluation.score.per_camera) > 1:
        scores |= evaluation.score.per_camera
    heading = ["camera", *(NAMES.get(name, name.upper()) for name in (*SHARES, *COUNTS))]
    return table(heading, ([name, *_figures(score)] for name, score in scores.items()))


def _figures(score: MotScore) -> list[str]:
    return [*(f"{getattr(score, name):.4f}" for name in SHARES), *(str(getattr(score, name)) for name in COUNTS)]


def filter_table(filtered: Mapping[str, CameraFilter]) -> list[str]:
    """What the rule took out of each camera."""
    heading = ["camera", "ROI", "boxes", "outside ROI", "of one camera", "repeated", "scored"]
    return table(
        heading,
        (
            [
                name,
                "yes" if camera.has_roi else "none",
                *map(str, (camera.predicted, camera.outside_roi, camera.in_one_camera, camera.repeated, camera.scored)),
            ]
            for name, camera in filtered.items()
        ),
    )


def group_table(kind: str, groups: Mapping[str, GroupScore]) -> list[str]:
    """True boxes by class or by size."""
    rows = ([name, str(group.truths), f"{group.recall:.4f}", f"{group.idr:.4f}"] for name, group in groups.items())
    return table([kind, "true boxes", "recall", "IDR"], rows)


def error_lines(errors: Errors) -> list[str]:
    """The errors of each kind that concern the most boxes; frames are those of files, from 1."""
    return [
        *_confusion_lines("fragmented", "true identities under several numbers", errors.fragmented),
        *_confusion_lines("merged", "predicted identities on several vehicles", errors.merged),
        *_stretch_lines("missed", "true", errors.missed),
        *_stretch_lines("false", "predicted", errors.false),
    ]


def _confusion_lines(name: str, meaning: str, confusions: Sequence[Confusion]) -> list[str]:
    lines = [f"{name}: {len(confusions)} {meaning}"]
    for entry in confusions[:SHOWN]:
        parts = ", ".join(f"{part.id} in {_span(part)}" for part in entry.parts[:SHOWN])
        more = f", and {len(entry.parts) - SHOWN} more" if len(entry.parts) > SHOWN else ""
        lines.append(f"  {entry.id}: {parts}{more}")
    return lines + _more(len(confusions))


def _stretch_lines(name: str, side: str, stretches: Sequence[Stretch]) -> list[str]:
    boxes = sum(stretch.boxes for stretch in stretches)
    lines = [f"{name}: {boxes} {side} boxes without a match, in {len(stretches)} stretches"]
    lines += [f"  {stretch.id} in {_span(stretch)}" for stretch in stretches[:SHOWN]]
    return lines + _more(len(stretches))


def _span(stretch: Stretch) -> str:
    return f"{stretch.camera} {stretch.first_frame + 1}-{stretch.last_frame + 1} ({stretch.boxes})"


def _more(count: int) -> list[str]:
    return [f"  and {count - SHOWN} more; --json lists all"] if count > SHOWN else []


def comparison_lines(comparison: Comparison) -> list[str]:
    """Differences of the figures, and the true identities that got better or worse."""
    heading = ["difference", *(NAMES.get(name, name.upper()) for name in (*SHARES, *COUNTS))]
    rows = {"all": comparison.figures, **comparison.per_camera}
    return [
        *table(heading, ([name, *_signed(figures)] for name, figures in rows.items())),
        *_change_lines("better", comparison.better),
        *_change_lines("worse", comparison.worse),
    ]


def _signed(figures: Mapping[str, float]) -> list[str]:
    return [*(f"{figures[name]:+.4f}" for name in SHARES), *(f"{figures[name]:+d}" for name in COUNTS)]


def _change_lines(name: str, changes: Sequence[IdentityChange]) -> list[str]:
    boxes = sum(change.gain for change in changes)
    lines = [f"{name}: {len(changes)} true identities, {boxes:+d} boxes identified right"]
    lines += [f"  {_whose(change)}: {change.before} -> {change.after} of {change.boxes}" for change in changes[:SHOWN]]
    return lines + _more(len(changes))


def _whose(change: IdentityChange) -> str:
    return f"{change.id}" if change.camera is None else f"{change.id} in {change.camera}"


def ranking_lines(score: RankingScore) -> list[str]:
    """Figures of re-identification."""
    ranks = " ".join(f"rank-{rank} {share:.6f}" for rank, share in score.cmc.items())
    return [
        f"mAP {score.map_all:.6f} mAP@{score.k} {score.map_at_k:.6f} {ranks} mINP {score.minp:.6f}",
        f"{score.scored} queries scored, {score.unanswerable} without a right answer in the gallery",
        f"rule: {score.rule}",
    ]


def detection_table(scores: Mapping[str, DetectionScore]) -> list[str]:
    """Figures of a detector, one line a camera; a dash where there is no true box of a size."""
    sizes = list(next(iter(scores.values())).by_size)
    heading = ["camera", "AP50", "AP50:95", "recall", *sizes, "true boxes", "detections"]
    return table(heading, ([name, *_detection_figures(score)] for name, score in scores.items()))


def _detection_figures(score: DetectionScore) -> list[str]:
    recalls = ["-" if size.recall is None else f"{size.recall:.4f}" for size in score.by_size.values()]
    shares = [f"{value:.4f}" for value in (score.ap50, score.ap50_95, score.recall50)]
    return [*shares, *recalls, str(score.truths), str(score.detections)]
