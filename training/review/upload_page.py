"""Score a file: upload, watch, download, and send to the queue."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.errors import CourtoisError
from training.review import card
from training.review.filescore import guess_text, mapping_for
from training.review.language import percent, say
from training.review.rights import allowed
from training.review.safe_html import escape
from training.review.service import ReviewService
from training.review.settings import MAX_UPLOAD_MB
from training.review.upload import KINDS, SUFFIXES, Upload

if TYPE_CHECKING:
    from model.scorer import Scorer

NAMES = {"csv": "CSV", "jsonl": "JSONL", "parquet": "Parquet"}
MIME = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}

_IN_FRENCH = """<style>
[data-testid="stFileUploaderDropzone"] > span button p {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] > span button p::after {{ content: "{choose}"; font-size: .875rem; }}
[data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: "{drop}"; font-size: .875rem; }}
</style>"""
# Streamlit's own words cannot be set; where its page is built otherwise one day, they come back in English


def draw(load_scorer: "Callable[[], Scorer]", service: Callable[[], ReviewService]) -> None:
    """Draw the page; the uploaded file lives as long as its tab."""
    st.caption(say("upload.intro", limit=MAX_UPLOAD_MB))
    st.html(_IN_FRENCH.format(choose=say("upload.choose"), drop=say("upload.drop")))
    given = st.file_uploader(
        say("upload.file"), type=SUFFIXES, max_upload_size=MAX_UPLOAD_MB, key="upload_file"
    )
    if given is None:
        st.session_state.pop("upload", None)
        return
    try:
        upload = _kept(given)
        columns = upload.columns
    except CourtoisError as error:
        _failed("upload.error", error)
        return
    if not upload.done:
        _form(upload, columns, load_scorer)
    if upload.done:
        _result(upload, service)


def _kept(given: "st.runtime.uploaded_file_manager.UploadedFile") -> Upload:
    known = st.session_state.get("upload")
    if known is None or known[0] != given.file_id:
        known = (given.file_id, Upload.keep(given.name, given))
        st.session_state["upload"] = known
    upload: Upload = known[1]
    return upload


def _form(upload: Upload, columns: list[str], load_scorer: "Callable[[], Scorer]") -> None:
    place = st.empty()
    with place.form("upload_form", border=True):
        text_column = "text"
        if "text" not in columns:
            st.html(card.notice("warning", say("upload.column.missing")))
            likely = guess_text(columns) if columns else None
            text_column = st.selectbox(say("upload.column"), columns, index=likely, key="upload_column")
        target = st.text_input(say("upload.target"), key="upload_target")
        spans = st.checkbox(say("upload.spans"), value=True, key="upload_spans")
        if not st.form_submit_button(say("upload.run"), type="primary") or text_column is None:
            return
    bar = st.progress(0.0, say("analyse.loading"))

    def factory(_: Path | None) -> "Scorer":
        return load_scorer()

    def progress(n: int) -> None:
        # the number of rows is not known before the last one: the bar tells that work goes on
        bar.progress(n / (n + 1000), say("upload.progress", n=n))

    mapping = mapping_for(columns, text_column)
    try:
        upload.score(factory, mapping=mapping, target=target.strip() or None, spans=spans, progress=progress)
    except CourtoisError as error:
        _failed("upload.error", error)
        return
    bar.empty()
    place.empty()


def _result(upload: Upload, service: Callable[[], ReviewService]) -> None:
    level = "success" if upload.scored else "warning"
    message = say("upload.done", scored=upload.scored, rejected=upload.rejected)
    st.html(card.notice(level, message if upload.scored else f"{say('upload.none')} {message}"))
    with st.container(horizontal=True):
        if upload.scored:
            for kind in KINDS:
                st.download_button(
                    say("upload.download", kind=NAMES[kind]),
                    lambda kind=kind: upload.download(kind),
                    file_name=f"commentaires-scores.{kind}",
                    mime=MIME[kind],
                    on_click="ignore",
                    key=f"download_{kind}",
                )
        if upload.rejected:
            st.download_button(
                say("upload.rejects"),
                lambda: upload.rejects.read_bytes(),
                file_name="lignes-ecartees.jsonl",
                mime=MIME["jsonl"],
                on_click="ignore",
                key="download_rejects",
            )
        st.button(say("upload.again"), key="upload_again", type="tertiary", on_click=upload.reopen)
    if not upload.scored:
        return
    if allowed("decide") and st.button(say("upload.queue"), type="primary", key="upload_send"):
        try:
            number = upload.send(service().store)
        except CourtoisError as error:
            _failed("error.store", error)
        else:
            st.html(card.notice("success", say("upload.queued", n=number)))
    worst = upload.worst()
    rows = (
        f'<tr><td class="ct-num">{percent(value)}</td><td><bdi>{escape(text[:300])}</bdi></td></tr>'
        for value, text in worst
    )
    title = f'<div class="ct-meta">{escape(say("upload.preview"))}</div>'
    st.html(f'{title}<table class="ct-reasons"><tbody>{"".join(rows)}</tbody></table>')


def _failed(key: str, error: CourtoisError) -> None:
    # the folder it was kept in says nothing to the reader, the reason and the remedy do
    what = f"{error.what} ; {error.fix}" if error.fix else error.what
    st.html(card.notice("error", say(key, what=what)))
