"""The pages *Charge de travail* and *Positions*, and what is true of *Lots* too."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import review_rows
from insight_page import Opener, has, html_of, press, tally
from streamlit.testing.v1 import AppTest

from data.record import Comment, Labels
from data.store import QueueFilter, Store
from model.installed import SHIPPED
from model.manifest import read_manifest
from model.policy_file import read_policy, save_policy
from model.policy_site import SitePolicy, SiteRule
from training.review import workload, workload_view
from training.review.safe_html import escape
from training.review.strings_fr import TEXTS as FR

HOSTILE = "<img src=x onerror=alert(1)><script>1</script> **gras** [a](http://b)"


def test_comments_are_shown_as_text_on_every_page(store: Store, open_page: Opener) -> None:
    scores = dict(review_rows.scores(0.81, HOSTILE))
    comment = Comment(id="h", text=HOSTILE, thread_id="fil-1", article_title=HOSTILE, target=HOSTILE)
    store.add_scored([(comment, scores)])
    for page in ("batch_page", "stance_page"):
        app = open_page(page)
        if page == "stance_page":
            app.selectbox(key="stances_target").set_value(1).run()
        assert escape(HOSTILE) in html_of(app), page
        assert "<script>" not in html_of(app), page


def test_an_empty_store_says_so(tmp_path: Path, open_page: Opener, store: Store) -> None:
    for number in range(14):
        store.erase(f"c{number:02d}")
    assert FR["batch.empty"] in html_of(open_page("batch_page"))
    assert FR["workload.none"] in html_of(open_page("workload_page"))
    assert FR["stances.none"] in html_of(open_page("stance_page"))


def metrics_of(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_the_load_of_a_threshold(store: Store, open_page: Opener) -> None:
    """Fourteen comments in fourteen days, one a day."""
    app = open_page("workload_page")
    app.select_slider(key="workload_line_incivility").set_value(0.0).run()
    found = metrics_of(app)
    assert found[FR["workload.held"]] == "1,0"
    assert found[FR["workload.share"]] == "100\xa0%"
    app.select_slider(key="workload_line_incivility").set_value(0.7).run()
    held = len(store.ids_in_range("incivility", 0.7, 1.0, QueueFilter()))
    assert metrics_of(app)[FR["workload.held"]] == f"{held / 14:.1f}".replace(".", ",")
    table = app.dataframe[0].value
    assert table.iloc[0][FR["workload.column.source"]] == FR["workload.source.report"]
    reported = workload.reported(read_manifest(SHIPPED).metrics, "incivility", 0.7)
    assert reported is not None
    assert table.iloc[0][FR["workload.column.recall"]] == workload_view.written(reported.recall)
    assert any("80 commentaires par heure" in caption.value for caption in app.caption)


def test_the_teams_own_decisions_are_said_to_be_biased(
    store: Store, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six of six rejected: enough once so few are asked for, and too few for a rate all the same."""
    monkeypatch.setattr("training.review.workload.FEWEST_JUDGED", 6)
    for number in range(6):
        id_ = f"c{number:02d}"
        store.decide(id_, "reject", moderator="Camille", version=store.item(id_).version)
    app = open_page("workload_page")
    sources = app.dataframe[0].value[FR["workload.column.source"]].tolist()
    assert FR["workload.source.biased"] in sources
    assert escape(FR["workload.note.biased"]) in html_of(app)
    team = app.dataframe[0].value[FR["workload.column.recall"]][sources.index(FR["workload.source.biased"])]
    assert team.startswith("entre ")
    assert escape(FR["workload.note.wide"].format(points=15)) in html_of(app)


def test_a_policy_is_made_of_the_sliders_saved_and_applied(
    store: Store, open_page: Opener, tmp_path: Path
) -> None:
    app = open_page("workload_page")
    assert escape(FR["policy.off"]) in html_of(app)
    app.select_slider(key="workload_line_incivility").set_value(0.4).run()
    app.selectbox(key="policy_line_action").set_value("hold").run()
    press(press(app, "policy_add"), "policy_save")
    saved = read_policy(tmp_path / "conf" / "policy.toml")
    assert saved == SitePolicy(rules=(SiteRule(label="incivility", low=0.4, action="hold"),))
    press(app, "policy_apply")
    actions = {item.scores["action"] for item in store.queue(QueueFilter(low=0.4), limit=50)}
    assert actions == {"hold"}
    assert tally(store) == {"pending": 14}


def test_automatic_action_needs_its_own_confirmation(store: Store, open_page: Opener, tmp_path: Path) -> None:
    app = open_page("workload_page")
    app.checkbox(key="policy_automatic").check().run()
    press(app, "policy_save")
    assert escape(FR["policy.automatic.unsure"]) in html_of(app)
    assert not (tmp_path / "conf" / "policy.toml").exists()
    app.checkbox(key="policy_sure").check().run()
    press(app, "policy_save")
    assert read_policy(tmp_path / "conf" / "policy.toml").automatic


def test_a_saved_policy_that_is_wrong_is_said_and_not_overwritten(
    store: Store, open_page: Opener, tmp_path: Path
) -> None:
    path = tmp_path / "conf" / "policy.toml"
    save_policy(SitePolicy(), path)
    path.write_text("automatic = peut-être\n", encoding="utf-8")
    app = open_page("workload_page")
    assert "policy.toml:1:13" in html_of(app)
    assert not has(app, "policy_save")


def test_only_who_may_saves_a_policy(store: Store, open_page: Opener) -> None:
    app = open_page("workload_page", role="moderateur")
    assert FR["policy.forbidden"] in html_of(app)
    assert not has(app, "policy_save")


def test_stances_are_counted_with_whose_word_they_are(store: Store, open_page: Opener) -> None:
    said = Labels(stance="favor", severity=3)
    store.relabel("c01", said, moderator="Camille", version=store.item("c01").version)
    app = open_page("stance_page")
    figures = {"n": 14, "s": "s", "said": 1, "predicted": 13, "said_severity": 1, "predicted_severity": 13}
    assert escape(FR["stances.counted"].format(**figures)) in html_of(app)
    table = app.dataframe[0].value
    assert table[FR["stances.count"]].tolist() == [1, 13, 0]
    app.selectbox(key="stances_stance_0").set_value("favor").run()
    drawn = html_of(app)
    assert escape(FR["stances.said"].format(stance=FR["stance.favor"])) in drawn
    assert escape(review_rows.TEXTS[1]) in drawn
    assert escape(review_rows.TEXTS[0]) not in drawn
    app.selectbox(key="stances_day_0").set_value("2026-11-01").run()
    assert FR["stances.list.none"] in html_of(app)


def test_long_lists_have_pages(store: Store, open_page: Opener) -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    store.add_scored(
        (
            Comment(
                id=f"n{n:03d}", text=f"Avis numéro {n:03d}", thread_id="fil-2", article_title="Autre",
                created_at=(begin + timedelta(hours=n)).isoformat(),
            ),
            review_rows.scores(0.1, f"Avis numéro {n:03d}"),
        )
        for n in range(45)
    )  # fmt: skip
    app = open_page("stance_page")
    assert "Avis numéro 000" in html_of(app)
    app.number_input(key="stances_page_0_None_None").set_value(3).run()
    drawn = html_of(app)
    assert "Avis numéro 044" in drawn
    assert "Avis numéro 000" not in drawn
