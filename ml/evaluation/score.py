"""The figures of one sequence, all from the same overlapping pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.evaluation.clear import score_clear
from ml.evaluation.hota import score_hota
from ml.evaluation.identity import score_identity
from ml.evaluation.pairs import Rows
from ml.evaluation.sequence import Sequence
from ml.types import Bool1D


@dataclass(frozen=True, slots=True)
class MotScore:
    """Scores of one sequence; shares are 0..1, the others count.

    idf1, idp, idr, idtp, idfp, idfn   identities over the whole sequence, in boxes (Ristani 2016), IoU 0.5
    mota, motp, precision, recall      CLEAR, box by box at IoU 0.5; motp is the mean IoU of the matches
    switches, fragmentations           matches of a true identity under another number, and after a break
    mostly_tracked, partly_tracked, mostly_lost   true identities matched in more than 80%, 20% and more, less
    hota, deta, assa, loca             means over IoU thresholds 0.05, 0.10, ... 0.95 (Luiten 2021)
    """

    idf1: float
    idp: float
    idr: float
    idtp: int
    idfp: int
    idfn: int
    mota: float
    motp: float
    precision: float
    recall: float
    switches: int
    fragmentations: int
    mostly_tracked: int
    partly_tracked: int
    mostly_lost: int
    hota: float
    deta: float
    assa: float
    loca: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every box, by its row in the tables scored.

    partner     [true boxes] int64, the predicted row it is matched with (CLEAR), -1 where there is none
    identified  [true boxes] bool, whether it counts as IDTP
    predicted   number of predicted boxes
    """

    partner: Rows
    identified: Bool1D
    predicted: int


def score_sequence(sequence: Sequence) -> tuple[MotScore, Outcome]:
    """IDF1 and its kin, CLEAR and HOTA of one sequence, and what became of every box."""
    identity, clear, hota = score_identity(sequence), score_clear(sequence), score_hota(sequence)
    score = MotScore(
        idf1=identity.idf1,
        idp=identity.idp,
        idr=identity.idr,
        idtp=identity.idtp,
        idfp=identity.idfp,
        idfn=identity.idfn,
        mota=clear.mota,
        motp=clear.motp,
        precision=clear.precision,
        recall=clear.recall,
        switches=clear.switches,
        fragmentations=clear.fragmentations,
        mostly_tracked=clear.mostly_tracked,
        partly_tracked=clear.partly_tracked,
        mostly_lost=clear.mostly_lost,
        hota=float(hota.hota.mean()),
        deta=float(hota.deta.mean()),
        assa=float(hota.assa.mean()),
        loca=float(hota.loca.mean()),
    )
    return score, _outcome(sequence, clear.matches.left, clear.matches.right, identity.identified)


def _outcome(sequence: Sequence, matched: Rows, partners: Rows, identified: Bool1D) -> Outcome:
    partner = np.full(len(sequence.truth), -1, np.int64)
    partner[sequence.truth.order[matched]] = sequence.predicted.order[partners]
    by_row = np.empty(len(sequence.truth), np.bool_)
    by_row[sequence.truth.order] = identified
    return Outcome(partner, by_row, len(sequence.predicted))
