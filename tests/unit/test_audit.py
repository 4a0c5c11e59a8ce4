"""Sentences and measures of bias, disguise, viewpoint and stance pairs."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from data.corpora import corpus_names, load_corpus, spec
from data.corpora.source import local_file
from data.embedded import embedded_comments
from data.errors import InputError
from data.record import Comment, Labels
from data.taxonomy import STANCES, SUBTYPES, Stance
from model.judgement import Judgement
from training.audit import functions, measure
from training.audit.bias import areas, identity_bias, named_in_rows
from training.audit.cases import filled, parse, table
from training.audit.disguise import KINDS, disguised
from training.audit.functions import function_accuracies
from training.audit.obfuscation import disguisable, recall_losses
from training.audit.offence import long_words, offending_words
from training.audit.pairs import stance_moves, viewpoint_gaps
from training.audit.sentences import all_texts, identity_sentences, stance_pairs, viewpoint_pairs
from training.audit.tables import audit_sections
from training.splits import folded

Chance = Callable[[Comment], float]


class Judged:
    """Judges by two functions of the comment: incivility, and in favor or not."""

    bundle_name = "essai@1"
    thresholds: Mapping[str, float] = {"p_uncivil": 0.5, "identity_attack": 0.5}

    def __init__(self, uncivil: Chance, favor: Chance = lambda comment: 0.5) -> None:
        self.uncivil, self.favor = uncivil, favor

    def score_many(self, comments: Sequence[Comment]) -> list[Judgement]:
        return [self._judge(c) for c in comments]

    def _judge(self, comment: Comment) -> Judgement:
        p, favor = self.uncivil(comment), self.favor(comment)
        stance: Stance = "favor" if favor > 0.5 else "against"
        return Judgement(
            p_impolite=p,
            p_uncivil=p,
            p_intolerable=0.0,
            severity=0,
            subtypes=dict.fromkeys(SUBTYPES, p),
            stance=stance,
            stance_probabilities=dict(zip(STANCES, (favor, 1 - favor, 0.0), strict=True)),
            action="review" if p >= 0.5 else "publish",
            bundle=self.bundle_name,
        )


UNCIVIL = {s.comment.text for s in identity_sentences() if s.uncivil}


class TestSentences:
    def test_enough_of_each(self) -> None:
        frames = Counter(row["label"] for row in table("identity_sentences"))
        assert min(frames["civil"], frames["uncivil"]) >= 50
        assert len(identity_sentences()) == frames.total() * len(table("identity_terms"))
        assert len(viewpoint_pairs()) >= 150
        assert len({p.first.target for p in viewpoint_pairs()}) >= 50
        assert {p.kind for p in viewpoint_pairs()} == {"civil", "uncivil"}
        assert len(stance_pairs()) >= 150

    def test_published_lists_are_whole(self) -> None:
        lists = Counter(name for row in table("identity_terms") for name in row["lists"].split())
        assert set(lists) == {"dixon", "borkan", "mhc", "own"}
        assert len({r["term"] for r in table("identity_terms") if "dixon" in r["lists"]}) >= 48

    def test_no_brace_is_left_and_terms_stand_in_their_sentences(self) -> None:
        assert [t for t in all_texts() if "{" in t or "}" in t or "  " in t] == []
        forms = {r["plural"]: (r["plural"], r["singular"].split(" ", 1)[1], r["predicate"]) for r in
                 table("identity_terms")}  # fmt: skip
        for sentence in identity_sentences():
            assert any(form in sentence.comment.text for form in forms[sentence.term]), sentence.comment.text

    def test_pairs_differ_in_what_their_kind_says(self) -> None:
        for pair in stance_pairs():
            assert pair.first.text == pair.second.text
            assert pair.answers[0] != pair.answers[1]
            assert set(pair.answers) <= set(STANCES)
            assert (pair.first.parent_text != pair.second.parent_text) == (pair.kind == "reply")
            assert (pair.first.target != pair.second.target) == (pair.kind != "reply")
        assert all(p.first.text != p.second.text and p.first.target for p in viewpoint_pairs())

    def test_none_is_written_twice(self) -> None:
        pairs = [
            (p.first.text, p.first.target, p.first.parent_text) for p in (*viewpoint_pairs(), *stance_pairs())
        ]
        assert len(set(pairs)) == len(pairs)
        frames = [row["sentence"] for row in table("identity_sentences")]
        assert len(set(frames)) == len(frames)

    def test_none_trains_a_bundle(self) -> None:
        """Sentences of this package are for measuring; « +1 » and its like are everybody's."""
        measured = {text for t in all_texts() if len(text := folded(t)) >= 20}
        rows = list(embedded_comments())
        for name in corpus_names():
            known = spec(name)
            files = [f for f in (known.file, known.relabelled) if f]
            if known.use == "ship" and files and all(local_file(known, f, None) for f in files):
                rows += load_corpus(name)
        assert [c.id for c in rows if folded(c.text) in measured] == []

    @pytest.mark.parametrize("text", ["a\tb\n1", "a\tb\n1\t2\t3"])
    def test_ragged_rows_are_named(self, text: str) -> None:
        with pytest.raises(InputError, match=r"x\.tsv:2"):
            parse(text, "x.tsv")

    def test_unknown_braces_are_refused(self) -> None:
        with pytest.raises(InputError, match="is no form"):
            filled("{Tous} ici", {})


class TestBias:
    def test_a_fair_judge_has_no_gap(self) -> None:
        found = identity_bias(Judged(lambda c: 0.9 if c.text in UNCIVIL else 0.1))
        assert (found["auc"], found["gap"], found["neutral_flagged"]) == (1.0, 0.0, 0.0)
        assert found["within"] == found["published"] >= 55

    def test_a_group_judged_worse_is_seen(self) -> None:
        unfair = identity_bias(
            Judged(lambda c: (0.7 if c.text in UNCIVIL else 0.1) + (0.6 if "musulman" in c.text else 0)),
        )
        by_term = {t["term"]: t for t in unfair["terms"]}
        assert by_term["musulmans"]["bpsn"] < by_term["musulmans"]["subgroup"] == 1
        assert by_term["musulmans"]["neutral_flagged"] > 0.5 > by_term["bouddhistes"]["neutral_flagged"] == 0
        assert unfair["gap"] > 0.1

    def test_areas_are_borkans(self) -> None:
        gold = np.array([0, 1, 0, 1, 1], bool)
        chances, named = np.array([0.8, 0.9, 0.2, 0.6, 0.9]), np.array([1, 1, 0, 0, 0], bool)
        assert areas(gold, chances, named) == {"subgroup": 1.0, "bpsn": 0.5, "bnsp": 1.0}

    def test_real_rows_are_counted_by_word(self) -> None:
        rows = [
            Comment(
                id=str(i), text=f"les musulmans {i}" if i % 2 else f"les autres {i}",
                labels=Labels(incivility=i // 2 % 2),
            )
            for i in range(80)
        ]  # fmt: skip
        chances = np.array([0.9 if c.labels.incivility else 0.1 for c in rows])
        (found,) = named_in_rows([*rows, Comment(id="x", text="musulmans")], np.append(chances, 0.5))
        assert found == {"term": "musulmans", "n": 40, "auc": 1.0, "subgroup": 1.0, "bpsn": 1.0, "bnsp": 1.0}
        assert named_in_rows(rows[:40], chances[:40]) == []
        assert named_in_rows([], np.zeros(0)) == []


class TestDisguise:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [("stars", "Quel c*nn*rd, quelle m*rde"), ("accents", "Quel connard, quelle merde")],
    )
    def test_looks_as_people_write(self, kind: str, expected: str) -> None:
        text = "Quel connard, quelle merde"
        assert disguised(text, offending_words(text), kind) == expected

    @pytest.mark.parametrize("kind", KINDS)
    def test_only_chosen_words_change_and_always_alike(self, kind: str) -> None:
        text = "Vous êtes des enculés, vraiment."
        once = disguised(text, offending_words(text), kind)
        assert once == disguised(text, offending_words(text), kind) != text
        assert once.startswith("Vous êtes des ")
        assert once.endswith(", vraiment.")

    def test_every_long_word_survives_every_kind(self) -> None:
        text = "Où çà ? Un œuf dur, DES cafés-crème, l'été 2026 et 3 mètres"
        assert [text[b:e] for b, e in long_words(text)][:2] == ["œuf", "dur"]
        assert all(disguised(text, long_words(text), kind) for kind in KINDS)
        assert all(disguised("", [], kind) == "" for kind in KINDS)

    def test_civil_text_offends_nobody(self) -> None:
        assert offending_words("Merci pour cet article très complet sur la mairie.") == []

    def test_loss_is_measured_on_what_changes(self) -> None:
        rows = [Comment(id="1", text="Quel abruti", labels=Labels(incivility=1))]
        rows += [Comment(id="2", text="Vous me déplaisez", labels=Labels(incivility=1))]
        rows += [Comment(id="3", text="Un abruti ? Non.", labels=Labels(incivility=0))]
        chosen = disguisable(rows)
        assert [c.id for c in chosen] == ["1"]
        found = recall_losses(chosen, Judged(lambda c: 0.9 if "abruti" in c.text.split() else 0.1))
        assert {r["kind"] for r in found if r["words"] == "offending"} == set(KINDS) - {"accents"}
        assert all((r["n"], r["before"], r["after"], r["loss"]) == (1, 1.0, 0.0, 1.0) for r in found)

    def test_the_sample_is_spread(self) -> None:
        rows = [Comment(id=str(i), text="abruti", labels=Labels(severity=2)) for i in range(9)]
        assert [c.id for c in disguisable(rows, 3)] == ["0", "4", "8"]
        assert disguisable([]) == []


class TestPairs:
    def test_a_lean_is_signed(self) -> None:
        firsts = {p.first.id for p in viewpoint_pairs()}
        found = viewpoint_gaps(Judged(lambda c: 0.4 if c.id in firsts else 0.6))
        assert found["all"]["gap"] == pytest.approx(0.2)
        assert found["civil"]["signed"] == pytest.approx(-0.2)
        assert found["all"]["actions"] == len(viewpoint_pairs())

    def test_knowing_all_and_knowing_nothing(self) -> None:
        pairs = (*stance_pairs(), *viewpoint_pairs())
        known = {c.id: a for p in pairs for c, a in zip((p.first, p.second), p.answers, strict=True)}
        favor = {"favor": 0.9, "against": 0.1, "none": 0.5}
        told = stance_moves(Judged(lambda c: 0.1, lambda c: favor[known[c.id]]))
        assert told["reply"] == {"n": 40, "accuracy": 1.0, "both": 1.0, "moved": 1.0, "toward": 1.0}
        assert told["target"]["toward"] == 1
        deaf = stance_moves(Judged(lambda c: 0.1, lambda c: 0.9))
        assert (deaf["polarity"]["moved"], deaf["polarity"]["accuracy"]) == (0, 0.5)
        assert deaf["all"]["n"] == len(stance_pairs())


def test_hatecheck_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "kept_for_evaluation", list)
    judge = Judged(lambda c: 0.9 if "haine" in c.text else 0.1)
    assert function_accuracies(judge) is None
    rows = [
        Comment(
            id=str(i), text="haine" if i % 2 else "bonjour",
            labels=Labels(incivility=i % 2, identity_attack=0),
            extra={"functionality": "derog_h" if i % 2 else "ident_pos_nh"},
        )
        for i in range(4)
    ]  # fmt: skip
    monkeypatch.setattr(functions, "kept_for_evaluation", lambda: ["hatecheck_fr"])
    monkeypatch.setattr(functions, "load_corpus", lambda name: rows)
    found = function_accuracies(judge)
    assert found is not None
    assert found["macro_f1"]["incivility"] == 1
    assert found["protected"]["identity_attack"] == {"identity mention": 1.0}
    assert [row["functionality"] for row in found["functions"]] == ["derog_h", "ident_pos_nh"]


def test_the_whole_report_becomes_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "kept_for_evaluation", list)
    monkeypatch.setattr(measure, "EMBEDDED_SAMPLE", 5)
    judge = Judged(lambda c: min(len(c.text), 99) / 100)
    rows = [Comment(id=str(i), text=f"abruti {i}", labels=Labels(incivility=1)) for i in range(3)]
    report = measure.audit(judge, lambda line: None, {"site": rows})
    assert set(report["obfuscation"]) == {"embedded", "site"}
    sections = list(audit_sections(report))
    assert [s.title for s in sections] == ["Bias by identity term", "Disguise", "Viewpoint", "Stance pairs"]
    assert all(len(row) == len(s.columns) for s in sections for row in s.rows)
    assert any(row[0].endswith("(own)") for row in sections[0].rows)
