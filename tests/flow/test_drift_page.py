"""The page *Dérive*: quiet on what the bundle knows, loud when the register changes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.record import Comment, Labels
from data.store import Draft, Store
from model.bundle import save_bundle
from model.scorer import Scorer
from training.config import TrainConfig
from training.fit import train_bundle
from training.review import drift_view
from training.review.strings_fr import TEXTS as FR

PAGE = """
from pathlib import Path
from data.store import Store
from training.review import drift_page, scorers
from training.review.service import ReviewService
opened, folder = Store.open({store!r}), Path({folder!r})
drift_page.draw(lambda: ReviewService(opened, "Camille", lambda: None), lambda: scorers.load(folder))
opened.close()
"""

PRESS = ("embedded/i_press", "embedded/q_news")
SMS = ("embedded/r_sms",)

Opener = Callable[[], AppTest]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "essai.sqlite3")) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(embedded: list[Comment], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that has learnt what readers of newspapers write, and nothing else."""
    press = [c for c in embedded if c.source in PRESS][::5]
    config = TrainConfig(name="presse", version="1", landmarks=60, stance_landmarks=40, folds=3)
    corpora = [{"name": "presse", "licence": "MIT", "rows": len(press), "sha256": "0" * 64}]
    path = tmp_path_factory.mktemp("bundles") / "presse"
    save_bundle(train_bundle(press, corpora, config, lambda message: None), path, "# presse\n")
    return path


@pytest.fixture(scope="module")
def scorer(folder: Path) -> Scorer:
    return Scorer.load(folder)


@pytest.fixture
def open_page(store: Store, folder: Path) -> Opener:
    def opened() -> AppTest:
        text = PAGE.format(store=store.where, folder=str(folder))
        app = AppTest.from_string(text, default_timeout=60).run()
        assert not app.exception
        return app

    return opened


def arrive(
    store: Store, scorer: Scorer, comments: list[Comment], day: str, *, start: int = 0
) -> list[Comment]:
    dated = [
        Comment(id=f"{day}-{start + n}", text=one.text, created_at=f"{day}T10:00:00+00:00")
        for n, one in enumerate(comments)
    ]
    judged = scorer.score_many(dated)
    store.add_scored((c, j.columns()) for c, j in zip(dated, judged, strict=True))
    return dated


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def start_of(key: str) -> str:
    """What an alarm says before its figures."""
    return FR[f"drift.alarm.{key}"].split("{on} : ")[1].split("{")[0]


def test_another_register_raises_alarms_with_what_to_do(
    store: Store, open_page: Opener, scorer: Scorer, embedded: list[Comment]
) -> None:
    press = [c for c in embedded if c.source in PRESS]
    for n, day in enumerate(("2026-11-02", "2026-11-03", "2026-11-04")):
        arrive(store, scorer, press[n + 1 :: 5], day)
    calm = html_of(open_page())
    assert FR["drift.quiet"] in calm
    assert FR["drift.basis.none"] in calm
    sms = [replace(c, text=c.text.replace("qu", "k")) for c in embedded if c.source in SMS]
    strange = arrive(store, scorer, sms[:300], "2026-11-05")
    for one in strange[:60]:  # the team rejects what the model lets pass, and the other way round
        bad = store.item(one.id).scores["incivility"] < 0.5
        store.decide(one.id, "reject" if bad else "approve", moderator="Lila", version=0)
    app = open_page()
    app.button(key="drift_again").click().run()
    assert not app.exception
    shown = html_of(app)
    assert FR["drift.quiet"] not in shown
    assert "05/11/2026" in shown
    assert start_of("unknown_words") in shown
    assert start_of("ece") in shown
    assert "À faire" in shown
    assert "estimation biaisée" in shown
    tables = [element.value for element in app.dataframe]
    days = tables[0].set_index(FR["drift.column.on"])
    # what came in counts on its day, what people said on the day they said it
    assert list(days.index)[1:] == ["05/11/2026", "04/11/2026", "03/11/2026", "02/11/2026"]
    assert days.iloc[0][FR["drift.column.alarms"]] == FR["drift.name.ece"]
    assert FR["drift.name.unknown_words"] in days.loc["05/11/2026", FR["drift.column.alarms"]]
    assert days.loc["04/11/2026", FR["drift.column.alarms"]] == ""
    assert len(app.get("vega_lite_chart")) == 6
    assert not any(one.text[:40] in shown for one in strange)

    app.selectbox(key="drift_at_day").select("2026-11-03").run()
    assert not app.exception
    assert FR["drift.reliability.none"] in html_of(app)
    app.segmented_control(key="drift_period").select("week").run()
    assert not app.exception
    assert app.dataframe[0].value[FR["drift.column.on"]].iloc[-1] == "semaine du 02/11/2026"


def test_blind_readings_stand_apart(
    store: Store, open_page: Opener, scorer: Scorer, embedded: list[Comment]
) -> None:
    rows = arrive(store, scorer, embedded[:120], "2026-11-02")
    store.list_tasks([Draft(comment_id=one.id, kind="blind") for one in rows[:60]])
    while (given := store.next_task("Lila")) is not None:
        task, item = given
        store.finish_task(task, Labels(severity=0), annotator="Lila", version=item.version)
    for one in rows[60:80]:
        store.decide(one.id, "reject", moderator="Lila", version=0)
    app = open_page()
    shown = html_of(app)
    assert "60 lectures à l’aveugle, tirées au sort" in shown
    assert FR["drift.waiting"].format(fewest=200, n=120) in shown
    diagram = app.dataframe[1].value
    who, n = FR["drift.reliability.who"], FR["drift.reliability.n"]
    assert diagram.groupby(who)[n].sum().to_dict() == {
        FR["drift.reliability.blind"]: 60,
        FR["drift.reliability.seen"]: 20,
    }


def test_an_empty_store_and_one_comment(store: Store, open_page: Opener, scorer: Scorer) -> None:
    assert FR["drift.none"] in html_of(open_page())
    arrive(store, scorer, [Comment(id="x", text="Bonjour")], "2026-11-02")
    app = open_page()
    app.button(key="drift_again").click().run()
    assert not app.exception
    shown = html_of(app)
    assert FR["drift.quiet"] in shown
    assert FR["drift.reliability.none"] in shown
    assert FR["drift.empty.psi"].format(fewest=200) in shown
    assert FR["drift.empty.ece"] in shown
    assert len(app.get("vega_lite_chart")) == 3  # no chart without a figure


def test_bars_have_the_colours_of_the_page() -> None:
    both = drift_view.spread([None], [0.1] * 10, [0.1] * 10)  # type: ignore[list-item]
    color = drift_view.spread_chart(both).to_dict()["encoding"]["color"]
    assert color["scale"] == {
        "domain": [FR["drift.scores.now"], FR["drift.scores.reference"]],
        "range": ["#1f5f8b", "#c27c2c"],
    }


def test_a_broken_bundle_is_said(store: Store, tmp_path: Path) -> None:
    text = PAGE.format(store=store.where, folder=str(tmp_path / "absent"))
    app = AppTest.from_string(text, default_timeout=60).run()
    assert not app.exception
    assert any(button.key == "drift_retry" for button in app.button)
