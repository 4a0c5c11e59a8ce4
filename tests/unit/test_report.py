import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from report_oracle import HOSTILE, SECRET, comment, report

from data.errors import CourtoisError, InputError
from data.record import Comment, Labels
from data.taxonomy import SUBTYPES
from training.report import dumps, write_report
from training.report_heads import HEADS
from training.report_html import render_html
from training.report_markdown import render_markdown

CONTRACT = (
    "auc", "average_precision", "accuracy", "macro_f1", "precision", "recall", "ece", "threshold",
)  # fmt: skip


def test_json_holds_the_contract() -> None:
    content = json.loads(dumps([report()]))
    assert content["corpus"] == "essai"
    assert content["n"] == 60
    expected = {"incivility", "p_impolite", "p_intolerable", "insult", "stance"}
    assert set(content["heads"]) == expected
    for head in expected:
        figures = content[head]
        assert figures == content["heads"][head]
        for name in CONTRACT:
            assert name in figures
            if head != "stance" or name != "threshold":
                low, high = figures["ci95"][name]
                assert low <= figures[name] <= high
    assert content["incivility"]["support"] == {"positives": 30, "negatives": 30}
    assert content["p_impolite"]["threshold"] == 0.3
    assert content["p_impolite"]["support"]["positives"] == 45
    assert content["stance"]["threshold"] is None
    assert content["stance"]["classes"].keys() == {"favor", "against"}


def test_heads_without_labels_are_left_out() -> None:
    rows = [comment(i, i / 9, Labels(incivility=int(i > 4))) for i in range(10)]
    assert list(report(rows)["heads"]) == ["incivility"]
    assert report(rows)["incivility"]["auc"] == 1
    turned = [replace(c, extra={"p": 1 - c.extra["p"]}) for c in rows]
    assert report(turned)["incivility"]["auc"] == 0


def test_every_incivility_head_is_measured_on_its_own_label() -> None:
    rows = []
    for i in range(12):
        subtypes = {name: int(i % 6 == k) for k, name in enumerate(SUBTYPES)}
        rows.append(comment(i, 0.5, Labels(severity=i % 4, **subtypes)))
    heads = report(rows)["heads"]
    assert list(heads) == list(HEADS)
    assert all(heads[name]["support"] == {"positives": 2, "negatives": 10} for name in SUBTYPES)
    assert heads["p_intolerable"]["support"]["positives"] == 3


def test_one_class_is_null_in_json() -> None:
    rows = [comment(i, i / 9, Labels(incivility=0)) for i in range(10)]
    text = dumps([report(rows)])
    assert "NaN" not in text
    assert json.loads(text)["incivility"]["auc"] is None
    assert "<svg" in render_html([report(rows)])


def test_one_comment_can_be_measured() -> None:
    content = report([comment(0, 0.9, Labels(severity=3))])
    assert content["incivility"]["accuracy"] == 1
    assert content["incivility"]["ci95"]["accuracy"] is None
    assert render_markdown([content])


@pytest.mark.parametrize("rows", [[], [comment(0, 0.5, Labels())]])
def test_a_corpus_without_labels_is_refused(rows: list[Comment]) -> None:
    with pytest.raises(InputError, match="essai: no labelled comment"):
        report(rows)


def test_the_same_report_twice() -> None:
    assert dumps([report()]) == dumps([report()])
    assert report(seed=1)["incivility"]["ci95"] != report(seed=2)["incivility"]["ci95"]


def test_severity_confusion_actions_and_slices_count_every_row() -> None:
    content = report()
    assert np.sum(content["severity"]["confusion"]) == 60
    assert [sum(row) for row in content["severity"]["confusion"]] == [15] * 4
    assert sum(row["n"] for row in content["actions"]) == 60
    for by in ("length", "source", "reply"):
        assert sum(row["n"] for row in content["slices"][by]) == 60


def test_functionalities_give_accuracy_by_test() -> None:
    rows = []
    for i in range(10):
        extra = {"functionality": "t1" if i < 8 else "t2"}
        rows.append(comment(i, 0.9 if i < 4 else 0.1, Labels(incivility=int(i < 6)), extra=extra))
    tests = report(rows)["functionalities"]
    assert tests == [
        {"functionality": "t1", "n": 8, "incivility": 0.75},
        {"functionality": "t2", "n": 2, "incivility": 1.0},
    ]


def test_stance_without_target_is_counted_not_scored() -> None:
    rows = [comment(0, 0.9, Labels(stance="favor"), target="x"), comment(1, 0.9, Labels(stance="against"))]
    content = report(rows)
    assert content["stance"]["support"] == {"favor": 1}
    assert content["stance_without_target"] == 1


class Strict(HTMLParser):
    """Collects what would fetch or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


def test_reports_escape_hostile_names_and_hold_no_text() -> None:
    content = report(name=HOSTILE)
    page, markdown = render_html([content]), render_markdown([content])
    parser = Strict()
    parser.feed(page)
    assert "script" not in parser.tags
    assert not {"src", "href", "onload", "onclick"} & set(parser.attributes)
    assert not {"link", "img", "iframe", "object"} & set(parser.tags)
    assert "&lt;script&gt;" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "\x1b" not in markdown + page
    assert "<script>" not in markdown
    for text in (page, markdown, dumps([content])):
        assert SECRET not in text
    tables = [line.replace("\\|", "") for line in markdown.splitlines() if line.startswith("| ")]
    sources = [line for line in tables if "alert" in line]
    assert len({line.count("|") for line in sources}) == 1


def test_written_reports_are_whole(tmp_path: Path) -> None:
    write_report([report(), report(name="autre")], tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    assert sorted(p.name for p in folder.iterdir()) == ["report.html", "report.json", "report.md"]
    assert [r["corpus"] for r in json.loads((folder / "report.json").read_text())] == ["essai", "autre"]
    assert (folder / "report.html").read_text().endswith("</html>\n")
    (tmp_path / "file").write_text("")
    with pytest.raises(CourtoisError, match="file"):
        write_report([report()], tmp_path / "file")
