"""The list of reasons, the drafted statements, and what may not stand in one."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.reasons import MAX_STATEMENT, ORIGINS, REASONS, draft, problems, suggested
from data.reasons.drafting import Decided
from data.reasons.dsa import Payload, Stated, faults, payload
from data.taxonomy import SUBTYPES

CORAL = {
    "OFFENSIVE",
    "ABUSIVE",
    "SPAM",
    "BANNED_WORD",
    "AD",
    "ILLEGAL_CONTENT",
    "HARASSMENT_BULLYING",
    "MISINFORMATION",
    "HATE_SPEECH",
    "IRRELEVANT_CONTENT",
    "OTHER",
}


def stated(reason: str = "insult", **given: object) -> Stated:
    values: dict[str, object] = {
        "puid": "courtois-0-1",
        "reason": reason,
        "statement": draft(reason, detected=True),
        "origin": "voluntary",
        "detected": True,
        "decided": "human",
        "content_date": date(2026, 3, 1),
        "application_date": date(2026, 3, 2),
    }
    return Stated(**(values | given))  # type: ignore[arg-type]


def test_every_code_of_coral_is_reached() -> None:
    assert {reason.coral for reason in REASONS.values()} == CORAL
    assert list(REASONS) == [reason.code for reason in REASONS.values()]
    assert len({reason.label for reason in REASONS.values()}) == len(REASONS)


def test_every_subtype_points_to_a_reason() -> None:
    assert {suggested({name: 0.9}) for name in SUBTYPES} <= set(REASONS)
    assert suggested(dict.fromkeys(SUBTYPES, 0.9)) == "threat"
    assert suggested({"insult": None}) is None


@pytest.mark.parametrize("reason", REASONS)
def test_every_drafted_statement_has_what_the_law_asks_and_may_be_kept(reason: str) -> None:
    known = REASONS[reason]
    for seen, decided, origin in product((True, False), ("human", "batch", "rule"), ORIGINS):
        text = draft(reason, detected=seen, decided=decided, origin=origin)
        heads = [line.partition(" : ")[0] for line in text.splitlines()]
        assert heads == ["Mesure", "Faits", "Moyens automatisés", "Fondement", "Recours"]
        assert known.why in text
        assert (known.law in text) if known.illegal else ("règles de participation" in text)
        assert problems(text, comment=text, moderators=["La décision"]) == []
        assert len(text) < MAX_STATEMENT / 2
        assert faults(payload(stated(reason, detected=seen, decided=decided, origin=origin))) == []


def test_a_draft_says_how_it_came_about() -> None:
    def said(decided: Decided, detected: bool) -> str:
        return draft("spam", detected=detected, decided=decided).splitlines()[2]

    assert "Un outil automatique" in said("human", True)
    assert "Aucun outil automatique" in said("human", False)
    assert len({said(by, True) for by in ("human", "batch", "rule")}) == 3


def test_addresses_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_RULES_URL", "https://journal.example/regles")
    monkeypatch.setenv("COURTOIS_COMPLAINTS_URL", "https://journal.example/recours")
    text = draft("spam", detected=False)
    assert "(https://journal.example/regles)" in text
    assert "https://journal.example/recours :" in text
    assert "regles" not in draft("threat", detected=False)  # which rests on the law
    for wrong in ("javascript:alert(1)", "https://" + "x" * 500):
        monkeypatch.setenv("COURTOIS_RULES_URL", wrong)
        with pytest.raises(InputError, match="COURTOIS_RULES_URL"):
            draft("spam", detected=False)


@pytest.mark.parametrize(
    ("statement", "comment", "kinds"),
    [
        ("Loi n° 82-652 du 29 juillet 1982, article 222-33-2-2", "", []),
        ("Décision du 2026-11-22 à 08:05, dossier 05.12.2026", "", []),
        ("Numéro 0612345678", "", ["phone"]),
        ("0033 6 12 34 56 78 ou 01.23.45.67.89", "", ["phone", "phone"]),
        ("jean.d'arc+x@exemple.co.uk", "", ["email"]),
        ("voir @un.compte, et @autre", "", ["handle", "handle"]),
        ("Il dit : c’est un petit roquet menteur", "un petit roquet menteur", ["quote"]),
        ("Cinq mots communs et pas six", "Cinq mots communs et pas plus que cela ici", []),
        ("Le mot clown est une insulte", "Clown", ["quote"]),
        ("Non, il le dit bien", "Non", []),
        ("des v\u200bendus à la solde du pouvoir", "Des vendus À LA SOLDE du pouvoir !", ["quote"]),
    ],
)
def test_what_a_statement_must_not_hold_is_found(statement: str, comment: str, kinds: list[str]) -> None:
    assert [one.kind for one in problems(statement, comment=comment)] == kinds


def test_names_are_whole_words_whatever_their_case() -> None:
    found = problems("Écrit par anne le Goff, pour Annelise", moderators=["Anne Le Goff", "Elise"])
    assert [(one.kind, one.begin, one.end) for one in found] == [("moderator", 10, 22)]
    found = problems("Zoé L. a écrit", is_author=lambda name: name == "Zoé L")
    assert [(one.kind, one.begin, one.end) for one in found] == [("author", 0, 5)]


def test_a_very_long_comment_is_no_burden() -> None:
    comment = "mot " * 20_000
    assert problems("Rien de commun avec le commentaire. " * 100, comment=comment) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"puid": "é"}, "puid"),
        ({"puid": "x" * 501}, "puid"),
        ({"decision_facts": "x" * 5001}, "decision_facts"),
        ({"decision_facts": ""}, "decision_facts"),
        ({"incompatible_content_ground": "x" * 501}, "incompatible_content_ground"),
        ({"incompatible_content_explanation": None}, "incompatible_content_explanation"),
        ({"content_date": None}, "content_date"),
        ({"content_date": "1er mars"}, "content_date"),
        ({"application_date": "2019-12-31"}, "application_date"),
        ({"end_date_visibility_restriction": "2026-01-01"}, "end_date_visibility_restriction"),
        ({"category": "STATEMENT_CATEGORY_RUDENESS"}, "category"),
        ({"category_specification_other": ""}, "category_specification_other"),
        ({"decision_visibility": []}, "decision_visibility"),
        ({"decision_visibility": ["DECISION_VISIBILITY_BURNT"]}, "decision_visibility"),
        ({"decision_ground": "DECISION_GROUND_MOOD"}, "decision_ground"),
        ({"source_type": "SOURCE_RUMOUR"}, "source_type"),
        ({"automated_detection": True}, "automated_detection"),
        ({"automated_decision": "No"}, "automated_decision"),
        ({"territorial_scope": ["US"]}, "territorial_scope"),
    ],
)
def test_faults_name_the_field(change: Payload, field: str) -> None:
    made = payload(stated()) | change
    made = {name: value for name, value in made.items() if value is not None}
    assert field in {fault.partition(":")[0] for fault in faults(made)}


@given(
    words=st.lists(st.text("abcdeéàç0", min_size=4, max_size=8), min_size=6, max_size=30),
    at=st.integers(0, 30),
    glue=st.sampled_from([" ", ", ", " « ", "\n", " \u200b"]),
)
def test_no_six_words_of_a_comment_pass(words: list[str], at: int, glue: str) -> None:
    begin = min(at, len(words) - 6)
    quoted = glue.join(words[begin : begin + 6]).upper()
    found = problems(f"Il est écrit {quoted} dans ce texte.", comment=" ".join(words))
    assert {one.kind for one in found} - {"phone"} == {"quote"}
