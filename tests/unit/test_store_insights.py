"""What the workload and stance pages ask of the store, on both databases."""

from collections.abc import Iterator

import pytest

from data.record import CONSENSUS, Comment, Labels
from data.store import Draft, QueueFilter, Store, watching
from data.store.insights import Judged

TITLE = "Le pont ferme"


def _comment(number: int, **given: object) -> Comment:
    base = {"text": f"Avis {number}", "id": f"c{number}", "thread_id": "t", "article_title": TITLE}
    return Comment(**{**base, "created_at": f"2026-11-{number + 1:02d}T10:00:00+00:00", **given})  # type: ignore[arg-type]


def _scores(incivility: float, **given: object) -> dict[str, object]:
    base = {"incivility": incivility, "insult": incivility / 2, "severity": 2, "stance": "favor"}
    return {**base, "action": "review", **given}


@pytest.fixture
def filled(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as store:
        fill(store)
        yield store


def fill(store: Store) -> None:
    store.add_scored(
        [
            (_comment(0), _scores(0.9)),
            (_comment(1, extra={"section": "Sports"}), _scores(0.6, stance="against")),
            (_comment(2, target="le maire"), _scores(0.2, severity=0)),
            (_comment(3, thread_id="autre", article_title=None), _scores(0.4, stance=None)),
        ]
    )
    store.import_labels([_comment(9, labels=Labels(severity=3))], annotator="import")


def test_days_count_what_was_in_the_queue_whatever_its_status(filled: Store) -> None:
    filled.decide("c0", "reject", moderator="a", version=filled.item("c0").version)
    found = filled.daily(QueueFilter())
    assert found == {"2026-11-01": 1, "2026-11-02": 1, "2026-11-03": 1, "2026-11-04": 1}
    assert filled.daily(QueueFilter(section="Sports")) == {"2026-11-02": 1}


def test_a_comment_is_held_once_however_many_lines_it_reaches(filled: Store) -> None:
    assert filled.count_held(QueueFilter(), {"incivility": 0.5}) == 2
    assert filled.count_held(QueueFilter(), {"incivility": 0.5, "insult": 0.3}) == 2
    assert filled.count_held(QueueFilter(), {"incivility": 0.95, "insult": 0.1}) == 4
    assert filled.count_held(QueueFilter(section="Sports"), {"incivility": 0.5}) == 1
    assert filled.count_held(QueueFilter(), {}) == 0


def test_what_people_said_of_scored_comments(filled: Store) -> None:
    filled.decide("c0", "reject", moderator="a", version=filled.item("c0").version)
    filled.relabel("c1", Labels(severity=1, insult=0), moderator="a", version=filled.item("c1").version)
    assert filled.judged("incivility") == [
        Judged(score=0.9, truth=True, blind=False),
        Judged(score=0.6, truth=False, blind=False),
    ]
    # a rejection alone says "uncivil": impolite at least, and nothing of intolerable
    assert [j.truth for j in filled.judged("p_impolite")] == []  # these were scored without that head
    assert filled.judged("insult") == [Judged(score=0.3, truth=False, blind=False)]


def test_uncivil_alone_settles_only_the_levels_that_follow(filled: Store) -> None:
    filled.add_scored([(_comment(5), _scores(0.7, p_impolite=0.8, p_intolerable=0.1))])
    filled.decide("c5", "reject", moderator="a", version=filled.item("c5").version)
    assert [j.truth for j in filled.judged("p_impolite")] == [True]
    assert filled.judged("p_intolerable") == []
    filled.decide("c5", "approve", moderator="a", version=filled.item("c5").version)
    assert filled.judged("p_impolite") == []
    assert [j.truth for j in filled.judged("p_intolerable")] == [False]


def test_a_blind_reading_goes_before_a_later_one(filled: Store) -> None:
    filled.list_tasks([Draft(comment_id="c2", kind="blind")])
    found = filled.next_task("a")
    assert found is not None
    task, item = found
    filled.finish_task(task, Labels(severity=2), annotator="a", version=item.version)
    filled.relabel("c2", Labels(severity=0), moderator="b", version=filled.item("c2").version)
    assert filled.judged("incivility") == [Judged(score=0.2, truth=True, blind=True)]


def test_consensus_is_heard_only_where_no_person_is(filled: Store) -> None:
    filled.relabel("c0", Labels(severity=0), moderator="a", version=filled.item("c0").version)
    rows = [Comment(text=f"Avis {n}", id=f"c{n}", labels=Labels(severity=3)) for n in (0, 1)]
    filled.import_labels(rows, annotator=CONSENSUS)
    assert filled.judged("incivility") == [
        Judged(score=0.9, truth=False, blind=False),
        Judged(score=0.6, truth=True, blind=False),
    ]


def test_a_blind_list_that_was_done_elsewhere_is_blind(filled: Store) -> None:
    filled.list_tasks([Draft(comment_id="c1", kind="blind")])
    filled.import_labels([Comment(text="Avis 1", id="c1", labels=Labels(severity=3))], annotator="outil")
    filled.relabel("c1", Labels(severity=0), moderator="b", version=filled.item("c1").version)
    assert filled.judged("incivility") == [Judged(score=0.6, truth=True, blind=True)]


def test_the_pages_hear_the_same_word(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads blind, elsewhere, later, or for several people: workload and drift choose alike."""
    monkeypatch.setattr(watching, "_CHUNK", 2)
    filled.list_tasks([Draft(comment_id=f"c{n}", kind="blind") for n in (0, 2)])
    for who, severities in {CONSENSUS: (3, 3, 3, 3), "outil": (0, 3, 1, 0)}.items():
        rows = [
            Comment(text=f"Avis {n}", id=f"c{n}", labels=Labels(severity=s)) for n, s in enumerate(severities)
        ]
        filled.import_labels(rows, annotator=who)
    for n, severity in ((0, 2), (1, 0), (3, 2)):
        filled.relabel(
            f"c{n}", Labels(severity=severity), moderator="b", version=filled.item(f"c{n}").version
        )
    said = [(one.incivility, bool(one.uncivil), one.blind) for one in filled.readings()]
    assert said == [(0.9, False, True), (0.6, False, False), (0.2, False, True), (0.4, True, False)]
    assert [(one.score, one.truth, one.blind) for one in filled.judged("incivility")] == said


def test_targets_and_stances(filled: Store) -> None:
    towards = filled.targets()
    assert [(t.thread_id, t.target, t.article_title, t.comments) for t in towards] == [
        ("t", TITLE, TITLE, 2),
        ("t", "le maire", TITLE, 1),
    ]
    said = Labels(stance="none", severity=0)
    filled.relabel("c1", said, moderator="a", version=filled.item("c1").version)
    first, second = filled.stances(towards[0])
    assert (first.id, first.day, first.stance, first.severity) == ("c0", "2026-11-01", "favor", 2)
    assert (first.said_stance, first.said_severity) == (None, None)
    assert (second.stance, second.said_stance, second.said_severity) == ("against", "none", 0)
    assert [row.id for row in filled.stances(towards[1])] == ["c2"]
    assert len(filled.stances(towards[0], limit=1)) == 1
