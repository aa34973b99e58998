"""What the identity graph refuses, before anything is grouped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.types import CameraLink, UserError

Column = npt.NDArray[Any]


def require_index_pairs(
    pairs: npt.NDArray[np.integer[Any]], count: int, name: str, *, code: str = "bad-pairs", distinct: bool = True
) -> None:
    """UserError `code` where `pairs` are not [k, 2] indices of two of `count` tracklets each.

    distinct  the two must be different ones; of what a machine compared a tracklet with itself does no harm
    """
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        shape = f"{pairs.dtype} {list(pairs.shape)}"
        raise UserError(code, f"{name} are {shape}; they must be pairs of indices, integers [k, 2].")
    wrong = ((pairs < 0) | (pairs >= count)).any(axis=1) | (distinct & (pairs[:, 0] == pairs[:, 1]))
    if wrong.any():
        one, other = pairs[int(wrong.argmax())].tolist()
        raise UserError(code, f"{name} hold ({one}, {other}); there are {count} tracklets, from 0 on.")


def require_column(values: Column, count: int, name: str) -> None:
    """UserError "wrong-shape" unless there is one value for each of `count`, "not-a-number" where one is NaN."""
    if values.shape != (count,):
        raise UserError("wrong-shape", f"{name} are {values.dtype} {list(values.shape)}; [{count}] are needed.")
    if np.issubdtype(values.dtype, np.floating) and np.isnan(values).any():
        raise UserError("not-a-number", f"{name}: number {int(np.isnan(values).argmax())}, from 0 on, is no number.")


def require_chances(values: Column, count: int, name: str) -> None:
    """As `require_column`; UserError "not-a-probability" where one is below 0 or above 1."""
    require_column(values, count, name)
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise UserError("not-a-probability", f"{name}: number {row}, from 0 on, is {values[row]}, not within 0..1.")


def require_spans(starts_s: Column, ends_s: Column, count: int) -> None:
    """UserError "broken-times" where a tracklet has no finite times or ends before it begins; "wrong-shape"."""
    for values, name in ((starts_s, "starts"), (ends_s, "ends")):
        if values.shape != (count,):
            raise UserError("wrong-shape", f"{count} tracklets have {list(values.shape)} {name}; one each is needed.")
    wrong = ~(np.isfinite(starts_s) & np.isfinite(ends_s)) | (ends_s < starts_s)
    if wrong.any():
        row = int(wrong.argmax())
        raise UserError("broken-times", f"Tracklet {row}, from 0 on, is seen from {starts_s[row]} to {ends_s[row]} s.")


def require_links(links: Sequence[CameraLink]) -> None:
    """UserError "bad-link" names the first link whose window is none."""
    for link in links:
        if not link.min_s <= link.max_s:
            window = f"{link.min_s} to {link.max_s} s"
            raise UserError("bad-link", f"Link {link.source} -> {link.target} has the window {window}: set it anew.")
