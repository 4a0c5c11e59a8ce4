"""Labelled comments as files: what the store exports and what annotators and their tools send back."""

from data.exchange.consensus import consensus, resolved
from data.exchange.reading import COURTOIS, FORMATS, detect, read_exchange, read_labelled
from data.exchange.records import COLUMNS, guarded, to_row, unguarded
from data.exchange.tools import LeftOut, Users
from data.exchange.writing import TEMPLATES, export_exchange, export_labels

__all__ = [
    "COLUMNS",
    "COURTOIS",
    "FORMATS",
    "TEMPLATES",
    "LeftOut",
    "Users",
    "consensus",
    "detect",
    "export_exchange",
    "export_labels",
    "guarded",
    "read_exchange",
    "read_labelled",
    "resolved",
    "to_row",
    "unguarded",
]
