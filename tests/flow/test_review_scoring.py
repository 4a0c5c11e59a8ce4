"""The analyse and upload pages, with a rule in the model's place."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import review_rows
import streamlit as st
from streamlit.testing.v1 import AppTest

import model.batch
from data.errors import BundleError, InputError
from data.formats import read_rows
from data.store import Store
from data.taxonomy import SCORE_COLUMNS
from training.review import scorers
from training.review.filescore import columns_of, guess_text, mapping_for
from training.review.strings_fr import TEXTS as FR
from training.review.upload import Kind, Upload


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(scorers, "_load", lambda bundle, stamp: review_rows.RuleScorer())
    monkeypatch.setattr(model.batch, "_scorers", {})
    yield
    st.cache_resource.clear()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def analyse_page() -> None:
    from training.review import analyse_page, resources

    analyse_page.draw(resources.scorer)


def analyse(text: str, **fields: str) -> AppTest:
    app = AppTest.from_function(analyse_page, default_timeout=30).run()
    app.text_area(key="analyse_text").input(text)
    for name, value in fields.items():
        app.text_input(key=f"analyse_{name}").input(value)
    app.button[0].click().run()
    assert not app.exception
    return app


def test_a_pasted_comment_is_judged_with_its_reasons(rule: None) -> None:
    drawn = html_of(analyse("Quel <b>clown</b> !", target="le maire"))
    assert 'title="Incivilité : +2,50">clown</mark>' in drawn
    assert "&lt;b&gt;" in drawn
    assert "<b>clown" not in drawn
    assert FR["band.very_likely"] in drawn
    assert "le maire" in drawn
    assert "regle-1" in drawn


def test_the_evidence_for_another_label_can_be_chosen(rule: None) -> None:
    app = analyse("Quel clown !")
    pills = next(group for group in app.get("button_group") if group.label == FR["reasons.label"])
    pills.set_value("insult").run()
    assert 'title="Insulte : +1,50">clown</mark>' in html_of(app)


def test_disguised_words_are_shown_as_they_were_read(rule: None) -> None:
    assert "<bdi>p.u.t.a.i.n</bdi> → <b><bdi>putain</bdi></b>" in html_of(analyse("Ah p.u.t.a.i.n, encore ?"))


def test_without_target_the_stance_is_said_to_be_unknown(rule: None) -> None:
    assert FR["panel.stance.unknown"] in html_of(analyse("Bonjour."))


def test_an_empty_comment_is_asked_for(rule: None) -> None:
    assert FR["analyse.empty"] in html_of(analyse("   "))


def test_a_missing_bundle_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, stamp: object) -> None:
        raise BundleError("no bundle", where="ici", fix="run courtois train")

    monkeypatch.setattr(scorers, "_load", refuse)
    drawn = html_of(analyse("Bonjour."))
    assert "no bundle" in drawn
    assert "run courtois train" in drawn


CSV = "id,message,note\n1,Quel clown !,a\n2,Merci beaucoup.,b\n3,,c\n4,« Un torchon »,d\n"


def jsonl(text: str) -> bytes:
    names, *rows = (line.split(",") for line in text.splitlines())
    return "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows).encode()


def parquet(text: str) -> bytes:
    names, *rows = (line.split(",") for line in text.splitlines())
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)}), out)
    return out.getvalue()


FILES = {
    "dump.csv": CSV.encode(),
    "dump.CSV.gz": gzip.compress(CSV.encode()),
    "dump.jsonl": jsonl(CSV),
    "d'août.v2.parquet": parquet(CSV),
}


def uploaded(name: str, *, target: str | None = None) -> tuple[Upload, list[int]]:
    upload = Upload.keep(name, io.BytesIO(FILES[name]))
    column = upload.columns[guess_text(upload.columns)]
    assert column == "message"
    steps: list[int] = []
    upload.score(
        lambda _: review_rows.RuleScorer(),
        mapping=mapping_for(upload.columns, column),
        target=target,
        spans=True,
        progress=steps.append,
    )
    return upload, steps


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_an_upload_comes_back_scored_and_whole(tmp_path: Path, name: str, kind: Kind) -> None:
    upload, steps = uploaded(name)
    assert (upload.scored, upload.rejected, steps[-1]) == (3, 1, 3)
    path = tmp_path / f"out.{kind}"
    path.write_bytes(upload.download(kind))
    rows = [row.values for row in read_rows(path, mapping={"text": "message"})]  # type: ignore[union-attr]
    assert [str(row["id"]) for row in rows] == ["1", "2", "4"]
    assert [row["note"] for row in rows] == ["a", "b", "d"]
    assert [float(row["incivility"]) for row in rows] == [0.9, 0.1, 0.9]
    assert {*SCORE_COLUMNS, "message"} <= rows[0].keys()
    refused = json.loads(upload.rejects.read_text("utf-8"))
    assert (refused["source"], refused["column"], refused["cells"]["note"]) == (name, "message", "c")
    assert [text for _, text in upload.worst()] == ["Quel clown !", "« Un torchon »", "Merci beaucoup."]


def test_an_upload_can_be_sent_to_the_queue(tmp_path: Path) -> None:
    upload, _ = uploaded("dump.csv", target="le journal")
    with Store.open(str(tmp_path / "essai.sqlite3")) as store:
        assert upload.send(store) == 3
        items = store.next_items()
        assert [item.comment.text for item in items][2] == "Merci beaucoup."
        assert items[0].comment.target == "le journal"
        assert items[0].scores["reasons"]
        assert store.counts()["flagged"] == 2


def test_an_upload_leaves_nothing_behind() -> None:
    upload, _ = uploaded("dump.csv")
    folder = upload.result.parent
    assert folder.stat().st_mode & 0o077 == 0
    del upload
    assert not folder.exists()


@pytest.mark.parametrize("name", ["notes.txt", "x", "dump.csv.exe"])
def test_other_files_are_refused(name: str) -> None:
    with pytest.raises(InputError):
        Upload.keep(name, io.BytesIO(b"a"))


def test_columns_of_a_damaged_file_are_told_not_traced(tmp_path: Path) -> None:
    path = tmp_path / "d.parquet"
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(InputError):
        columns_of(path)


def upload_page() -> None:
    from training.review import resources, upload_page

    upload_page.draw(resources.scorer, resources.service)


def test_the_upload_page_from_file_to_queue(
    rule: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "essai.sqlite3"))
    app = AppTest.from_function(upload_page, default_timeout=30).run()
    app.file_uploader[0].upload("dump.csv", FILES["dump.csv"], "text/csv").run()
    assert FR["upload.column.missing"] in html_of(app).replace("&nbsp;", " ")
    assert app.selectbox[0].value == "message"
    press(app, "upload.run")
    assert FR["upload.done"].format(scored=3, rejected=1) in html_of(app)
    labels = [button.label for button in app.download_button]
    assert labels == [FR["upload.download"].format(kind=k) for k in ("CSV", "JSONL", "Parquet")] + [
        FR["upload.rejects"]
    ]
    press(app, "upload.queue")
    assert FR["upload.queued"].format(n=3) in html_of(app)
    with Store.open(None) as store:
        assert store.counts()["pending"] == 3


def test_an_unreadable_upload_is_told_on_the_page(rule: None) -> None:
    app = AppTest.from_function(upload_page, default_timeout=30).run()
    app.file_uploader[0].upload("d.parquet", b"PAR1 not really", "application/octet-stream").run()
    assert not app.exception
    assert "damaged" in html_of(app)


def press(app: AppTest, key: str) -> None:
    next(button for button in app.button if button.label == FR[key]).click().run()
    assert not app.exception
