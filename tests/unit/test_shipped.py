"""The shipped bundle: small, whole, good enough, and not behind the word lists."""

import pytest

from data.lexicons import digest
from data.record import Comment
from model.bundle import SHIPPED, load_bundle
from model.manifest import CARD, Manifest, read_manifest
from model.policy import INCIVILITY_HEADS
from model.scorer import Scorer

LARGEST = 15 * 10**6


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.load()


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest(SHIPPED)


def test_size() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= LARGEST


def test_loads_and_describes_itself(manifest: Manifest) -> None:
    assert load_bundle(SHIPPED).incivility.names == INCIVILITY_HEADS
    assert manifest.base is None
    assert {"embedded"} <= {corpus["name"] for corpus in manifest.corpora}
    assert all(corpus["licence"] and corpus["sha256"] for corpus in manifest.corpora)


def test_card_gives_the_manifests_figures(manifest: Manifest) -> None:
    card = (SHIPPED / CARD).read_text(encoding="utf-8")
    heldout = manifest.metrics["heldout"]
    assert manifest.full_name in card
    assert all(
        f"| {head} | {heldout[head]['n']} | {heldout[head]['auc']} |" in card for head in INCIVILITY_HEADS
    )
    assert str(heldout["stance"]["macro_f1"]) in card


@pytest.mark.parametrize(
    "text",
    [
        "Merci pour cet article très complet.",
        "La réunion publique aura lieu mardi à 18 heures à la mairie.",
        "Je ne suis pas d'accord avec cette mesure, elle coûtera trop cher aux communes.",
        "Quelqu'un a-t-il le lien vers le rapport ?",
        "Bravo à toute l'équipe, beau travail !",
    ],
)
def test_publishes(scorer: Scorer, text: str) -> None:
    judgement = scorer.score(Comment(id="1", text=text))
    assert judgement.action == "publish"
    assert judgement.severity <= 1


@pytest.mark.parametrize(
    ("text", "subtype"),
    [
        ("Espèce de connard, va te faire foutre.", "insult"),
        ("Bande d'abrutis, vous êtes tous des menteurs.", "lying_accusation"),
        ("C0nn4rd de m*rde", "profanity"),
        ("Ferme ta gueule pauvre débile", "insult"),
        ("Les Arabes sont de la vermine, qu'ils crèvent tous.", "identity_attack"),
    ],
)
def test_flags(scorer: Scorer, text: str, subtype: str) -> None:
    judgement = scorer.score(Comment(id="1", text=text))
    assert judgement.action in ("review", "hold")
    assert judgement.severity >= 2
    assert judgement.subtypes[subtype] >= scorer.thresholds[subtype]


def test_holds_what_is_intolerable(scorer: Scorer) -> None:
    judgement = scorer.score(Comment(id="1", text="Les Arabes sont de la vermine, qu'ils crèvent tous."))
    assert (judgement.action, judgement.severity) == ("hold", 3)


@pytest.mark.parametrize("head", [*INCIVILITY_HEADS, "stance"])
def test_calibrated(manifest: Manifest, head: str) -> None:
    assert manifest.metrics["heldout"][head]["ece"] <= 0.05


def test_incivility_is_ranked_well(manifest: Manifest) -> None:
    assert manifest.metrics["heldout"]["p_uncivil"]["auc"] >= 0.90


def test_stance_is_told_better_than_by_chance(manifest: Manifest) -> None:
    assert manifest.metrics["heldout"]["stance"]["macro_f1"] >= 0.5


def test_word_lists_are_those_it_was_trained_with(manifest: Manifest) -> None:
    """The only test here that an edit of a word list breaks: rebuild the bundle."""
    assert manifest.lexicons == digest(), "the word lists changed: run `make train` and commit model/shipped"
