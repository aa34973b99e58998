"""Weights of networks: cards, and finding, checking and downloading the files."""

from ml.weights.cards import CARDS, WeightCard
from ml.weights.store import card, checksum, download_folder, fetch, installed, resolve

__all__ = [
    "CARDS",
    "WeightCard",
    "card",
    "checksum",
    "download_folder",
    "fetch",
    "installed",
    "resolve",
]
