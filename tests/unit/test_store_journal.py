"""The journal asked, and reasons given: at once, later, in other words."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from data.errors import ConflictError, InputError
from data.reasons import StatementError, draft
from data.reasons.dsa import Stated, faults, payload
from data.record import Comment, Labels
from data.store import Store
from data.store.journal_records import NO_REASON, JournalEntry, JournalFilter
from data.store.journal_statements import Unstated

TEXT = "Vous êtes tous des vendus à la solde du pouvoir"


def scores(action: str = "hold") -> dict[str, Any]:
    return {"incivility": 0.9, "action": action, "bundle": "b-1"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.add_scored(
            [
                (
                    Comment(
                        id="a",
                        text=TEXT,
                        author="Zoé Lefort",
                        thread_id="t1",
                        article_title="L’Été des écoles : 100 % de réussite",
                        created_at="2026-03-01T10:00:00+01:00",
                    ),
                    scores(),
                ),
                (Comment(id="b", text="Merci pour cet article", thread_id="t2"), scores("publish")),
                (Comment(id="c", text="Texte c", thread_id="t2"), scores("review")),
            ]
        )
        yield opened


def decide(store: Store, id_: str, verdict: Any, moderator: str = "anne", **given: Any) -> None:
    store.decide(id_, verdict, moderator=moderator, version=store.item(id_).version, **given)


def asked(store: Store, **conditions: Any) -> list[tuple[str, str, str]]:
    found = store.search_journal(JournalFilter(**conditions))
    return [(one.comment_id, one.kind, one.moderator) for one in found]


def last(store: Store, id_: str) -> JournalEntry:
    return store.search_journal(JournalFilter(comment_id=id_), limit=1)[0]


def test_every_condition_narrows_and_pages_follow(store: Store) -> None:
    decide(store, "a", "reject", reason="insult")
    decide(store, "b", "approve", "bob", labels=Labels(insult=0))
    decide(store, "c", "reject", "bob")
    store.undo("bob")
    everything = asked(store)
    assert everything == [
        ("c", "undo", "bob"),
        ("c", "reject", "bob"),
        ("b", "approve", "bob"),
        ("a", "reject", "anne"),
    ]
    assert asked(store, moderator="anne") == everything[3:]
    assert asked(store, kind="reject") == [everything[1], everything[3]]
    assert asked(store, reason="insult") == everything[3:]
    assert asked(store, reason=NO_REASON) == everything[1:2]
    assert asked(store, comment_id="b") == everything[2:3]
    assert asked(store, article="t2") == everything[:3]
    assert asked(store, article="l’été DES") == everything[3:]
    assert asked(store, article="100 %") == everything[3:]
    assert asked(store, article="100_%") == []
    assert asked(store, text="insulte ou s’en prend") == everything[3:]
    assert asked(store, bundle="b-1") == everything[1:]
    assert asked(store, source="rule") == []
    assert len(asked(store, source="human")) == 4
    today = datetime.now().astimezone().date()
    assert asked(store, since=today.isoformat(), until=today.isoformat()) == everything
    assert asked(store, until=(today - timedelta(days=1)).isoformat()) == []
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        asked(store, since="hier")
    assert store.count_journal(JournalFilter(moderator="bob")) == 3
    first = store.search_journal(JournalFilter(), limit=3)
    rest = store.search_journal(JournalFilter(), limit=3, before=first[-1].id)
    assert [*first, *rest] == list(reversed(list(store.journal_entries(JournalFilter()))))
    assert first[1].undone_by == first[0].id
    facets = store.journal_facets()
    assert (facets.moderators, facets.bundles, facets.reasons) == (["anne", "bob"], ["b-1"], ["insult"])


def test_a_rule_is_told_from_a_person(store: Store) -> None:
    seen = [(id_, store.item(id_).version) for id_ in ("a", "c")]
    store.decide_many(seen, "reject", moderator="anne", rule="incivilité de 80 % à 100 %", reason="insult")
    decide(store, "b", "approve")
    assert [one[0] for one in asked(store, source="rule")] == ["c", "a"]
    assert [one[0] for one in asked(store, text="de 80 %")] == ["c", "a"]
    entry = last(store, "a")
    assert (entry.source, entry.rule, entry.proposed) == ("rule", "incivilité de 80 % à 100 %", "hold")
    assert entry.statement == draft("insult", detected=True, decided="batch")
    assert last(store, "b").source == "human"


def test_a_policy_that_decides_alone_is_said_to(store: Store) -> None:
    seen = [("a", store.item("a").version)]
    store.decide_many(
        seen, "reject", moderator="anne", rule="policy: rule 1: insult from 0.9", reason="insult"
    )
    assert last(store, "a").statement == draft("insult", detected=True, decided="rule")
    (one,) = store.statements(JournalFilter())
    assert isinstance(one, Stated)
    assert payload(one)["automated_decision"] == "AUTOMATED_DECISION_FULLY"


def test_a_rejection_keeps_its_reason_and_what_its_author_is_told(store: Store) -> None:
    decide(store, "a", "reject", reason="hate_speech", statement="  Le commentaire vise un groupe. ")
    entry = last(store, "a")
    assert (entry.reason, entry.statement, entry.origin) == (
        "hate_speech",
        "Le commentaire vise un groupe.",
        "voluntary",
    )
    decide(store, "c", "reject", reason="off_topic")
    assert last(store, "c").statement == draft("off_topic", detected=True)
    for id_, verdict, given in (
        ("b", "approve", {"reason": "insult"}),
        ("b", "reject", {"reason": "nonsense"}),
        ("b", "reject", {"statement": "Sans motif."}),
    ):
        with pytest.raises(InputError):
            decide(store, id_, verdict, **given)
    assert store.item("b").status == "pending"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("Écrire à zoe@exemple.fr", "email"),
        ("Appelez le 06 12 34 56 78", "phone"),
        ("Appelez le +33 6 12 34 56 78.", "phone"),
        ("Comme @zoe_75 l’a vu", "handle"),
        ("Zoé Lefort insulte les lecteurs", "author"),
        ("Décision de ANNE.", "moderator"),
        ("Vous dites « tous des vendus à la solde » ailleurs", "quote"),
        ("x" * 5001, "long"),
        ("  ", "empty"),
    ],
)
def test_a_statement_says_nothing_of_anyone(store: Store, statement: str, kind: str) -> None:
    with pytest.raises(StatementError) as refused:
        decide(store, "a", "reject", reason="insult", statement=statement)
    assert [one.kind for one in refused.value.problems] == [kind]
    assert "Zoé" not in str(refused.value)
    assert "vendus" not in str(refused.value)
    assert store.item("a").status == "pending"
    assert store.search_journal(JournalFilter()) == []


def test_no_colleague_is_named_either(store: Store) -> None:
    store.add_account("Inès Ravel", "lecture", None)
    with pytest.raises(StatementError) as refused:
        decide(store, "a", "reject", reason="insult", statement="Voyez avec Ines RAVEL.")
    assert [(one.kind, one.begin, one.end) for one in refused.value.problems] == [("moderator", 11, 21)]


def test_nobody_can_make_the_drafted_words_forbidden(store: Store) -> None:
    drafted = draft("insult", detected=True)
    store.add_scored([(Comment(id="copy", text=drafted, author="commentaire"), scores())])
    decide(store, "copy", "reject", "La décision", reason="insult", statement=drafted + "\nBien à vous.")
    assert last(store, "copy").statement == drafted + "\nBien à vous."


def test_a_reason_can_be_given_or_changed_later(store: Store) -> None:
    decide(store, "a", "reject")
    assert store.unreasoned() == 1
    assert store.draft_statement("a", "threat", origin="article_16") == draft(
        "threat", detected=True, origin="article_16"
    )
    store.justify("a", moderator="claire", reason="threat", origin="article_16")
    store.justify("a", moderator="claire", reason="insult", statement="Une insulte à une personne.")
    assert store.unreasoned() == 0
    rows = store.search_journal(JournalFilter(comment_id="a"))
    assert [(row.kind, row.reason, row.moderator) for row in rows] == [
        ("justify", "insult", "claire"),
        ("justify", "threat", "claire"),
        ("reject", None, "anne"),
    ]
    assert store.item("a").decided_by == "anne"
    with pytest.raises(StatementError):
        store.justify("a", moderator="claire", reason="insult", statement="Claire a décidé.")
    with pytest.raises(ConflictError):
        store.justify("b", moderator="claire", reason="insult")
    restored = store.undo("anne")  # a reason given by someone else is no later act
    assert restored is not None
    assert restored.status == "pending"
    assert store.undo("claire") is None
    with pytest.raises(ConflictError):
        store.justify("a", moderator="claire", reason="insult")


def test_statements_are_what_stands_today(store: Store) -> None:
    decide(store, "a", "reject", reason="insult")
    store.justify(
        "a", moderator="claire", reason="threat", statement="Des menaces.", origin="trusted_flagger"
    )
    decide(store, "b", "reject")
    decide(store, "c", "reject", reason="spam")
    decide(store, "c", "approve", "claire")
    found = list(store.statements(JournalFilter()))
    first, second, third = found
    assert isinstance(first, Stated)
    assert (first.reason, first.statement, first.origin) == ("threat", "Des menaces.", "trusted_flagger")
    assert first.detected
    assert second == Unstated(3, "nobody gave a reason")
    assert isinstance(third, Stated)
    assert third.end_date == third.application_date
    assert [faults(payload(one)) for one in (first, third)] == [[], []]
    assert len({first.puid, third.puid}) == 2
    assert list(store.statements(JournalFilter())) == found
    assert list(store.statements(JournalFilter(until="2026-01-01"))) == []
    store.undo("claire")
    decide(store, "c", "reject", "claire", reason="off_topic")  # the first rejection of c goes on
    again = list(store.statements(JournalFilter()))[2]
    assert again == replace(third, end_date=None)
    store.erase("a")
    assert Unstated(1, "its comment was erased") in list(store.statements(JournalFilter()))
