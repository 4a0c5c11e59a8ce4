"""The journal of a search, and the statements of its period, as files to download."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import streamlit as st

from data.exchange.journal_file import export_journal, export_statements
from data.store import Store
from data.store.journal_records import JournalFilter
from training.review.language import say

_KINDS: Final = {
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSONL", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}


def draw(store: Store, conditions: JournalFilter) -> None:
    """Draw the buttons; a file is made when its button is pressed."""
    with st.expander(say("journal.export")):
        st.caption(say("journal.export.what"))
        columns = st.columns(4)
        for (suffix, (name, mime)), column in zip(_KINDS.items(), columns, strict=False):
            column.download_button(
                say("journal.export.file", kind=name),
                data=_journal(store, conditions, suffix),
                file_name=f"journal.{suffix}",
                mime=mime,
                key=f"journal_export_{suffix}",
                on_click="ignore",
                width="stretch",
            )
        columns[-1].download_button(
            say("journal.export.statements"),
            data=_statements(store, conditions),
            file_name="declarations.jsonl",
            mime="application/jsonl",
            key="journal_export_statements",
            on_click="ignore",
            width="stretch",
        )


def _journal(store: Store, conditions: JournalFilter, suffix: str) -> Callable[[], bytes]:
    return lambda: _written(
        f"journal.{suffix}", lambda path: export_journal(store.journal_entries(conditions), path)
    )


def _statements(store: Store, conditions: JournalFilter) -> Callable[[], bytes]:
    return lambda: _written(
        "declarations.jsonl",
        lambda path: export_statements(store.statements(conditions), path, left_out=lambda which, why: None),
    )


def _written(name: str, write: Callable[[Path], int]) -> bytes:
    with TemporaryDirectory(prefix="courtois-") as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
