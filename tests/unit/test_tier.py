"""The fast tier: sure rows without the encoder, the others exactly as the full tier judges them."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import BundleError, InputError
from data.record import Comment
from model.bundle import Bundle, load_bundle, save_bundle
from model.policy import INCIVILITY_HEADS, Policy
from model.scorer import Scorer
from model.tier import DECISIONS, FAST_MARK, Band
from training.card import render_card
from training.tier import FEWEST
from training.tier_bands import Decided, fit_bands


@pytest.fixture(scope="module")
def comments(unseen_comments: list[Comment]) -> list[Comment]:
    return [replace(comment, target="le projet") for comment in unseen_comments[:300]]


def test_rows_that_the_encoder_sees_are_the_full_tiers(
    small_scorer: Scorer, small_folder: Path, comments: list[Comment]
) -> None:
    fast = Scorer.load(small_folder, tier="fast").score_many(comments)
    full = small_scorer.score_many(comments)
    asked = [not judgement.bundle.endswith(FAST_MARK) for judgement in fast]
    assert 0 < sum(asked) < len(comments) / 2
    for one, other, seen in zip(fast, full, asked, strict=True):
        if seen:
            assert one.p_uncivil == pytest.approx(other.p_uncivil, abs=1e-5)
            assert (one.action, one.severity, one.stance, one.bundle) == (
                other.action, other.severity, other.stance, other.bundle
            )  # fmt: skip
        else:
            assert (one.stance, one.stance_probabilities) == (None, {})
            assert one.bundle == other.bundle + FAST_MARK
        assert 0 <= one.p_intolerable <= one.p_uncivil <= one.p_impolite <= 1
        assert set(one.subtypes) == set(other.subtypes)
    equal = [a.action == b.action for a, b in zip(fast, full, strict=True)]
    assert np.mean(equal) >= 0.93  # rows of threads that trained nothing, a bundle of a thousand rows


def test_chunks_do_not_matter(small_folder: Path, comments: list[Comment]) -> None:
    fast = Scorer.load(small_folder, tier="fast")
    whole = fast.score_many(comments)
    for size in (1, 7, 250):
        parts = [j for i in range(0, len(comments), size) for j in fast.score_many(comments[i : i + size])]
        assert [j.bundle for j in parts] == [j.bundle for j in whole]
        assert [j.action for j in parts] == [j.action for j in whole]
        same = [a.p_uncivil == b.p_uncivil for a, b in zip(parts, whole, strict=True)]
        assert all(s for s, j in zip(same, whole, strict=True) if j.bundle.endswith(FAST_MARK))


def test_the_encoder_is_not_even_loaded_for_sure_rows(
    small_folder: Path, comments: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = Scorer.load(small_folder, tier="fast")
    sure = [
        c for c, j in zip(comments, fast.score_many(comments), strict=True) if j.bundle.endswith(FAST_MARK)
    ]
    monkeypatch.setattr(fast.bundle.space, "_encoder", None)
    monkeypatch.setattr("model.features.space.sentence_encoder", lambda: pytest.fail("was loaded"))
    assert len(fast.score_many(sure)) == len(sure)
    assert fast.score_many([]) == []


def test_another_policy_moves_the_bands(small_bundle: Bundle, comments: list[Comment]) -> None:
    strict = Policy(review=0.1, hold=0.95, intolerable=0.95)
    judged = Scorer(small_bundle, strict, tier="fast").score_many(comments)
    asked = [j.p_uncivil for j in judged if not j.bundle.endswith(FAST_MARK)]
    usual = Scorer(small_bundle, tier="fast").score_many(comments)
    assert np.median(asked) < np.median([j.p_uncivil for j in usual if not j.bundle.endswith(FAST_MARK)])
    for judgement in judged:
        assert judgement.action == strict.action(judgement.p_uncivil, judgement.p_intolerable)


def test_no_reasons(small_folder: Path) -> None:
    with pytest.raises(InputError, match="the fast tier: has no reasons; use the full tier"):
        Scorer.load(small_folder, tier="fast").score(Comment(id="1", text="Oui."), spans=True)


def test_a_bundle_without_the_tier(small_bundle: Bundle, tmp_path: Path) -> None:
    old = replace(small_bundle, manifest=replace(small_bundle.manifest, tiers={}), fast=None)
    save_bundle(old, tmp_path / "ancien", "# ancien\n")
    path = tmp_path / "ancien" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["tiers"]  # as bundles were before there were tiers
    path.write_text(json.dumps(manifest), "utf-8")
    comment = Comment(id="1", text="Bande de menteurs !")
    assert Scorer.load(tmp_path / "ancien").score(comment) == Scorer(small_bundle).score(comment)
    with pytest.raises(BundleError, match="petit@1: has no fast tier; score with --tier full"):
        Scorer.load(tmp_path / "ancien", tier="fast")


BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "no band": lambda fast: fast["bands"].pop("hold"),
    "no edge": lambda fast: fast["bands"]["hold"].pop("low"),
    "a word": lambda fast: fast["bands"]["hold"].update(low="0.3"),
    "not around": lambda fast: fast["bands"]["hold"].update(low=0.999999),
    "no number": lambda fast: fast["bands"]["hold"].update(high=float("nan")),
    "no bands": lambda fast: fast.update(bands=7),
    "nothing": lambda fast: fast.clear(),
}


@pytest.mark.parametrize("how", BROKEN)
def test_forged_bands_are_refused(folder: Path, how: str) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    BROKEN[how](manifest["tiers"]["fast"])
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BundleError, match="restore the bundle"):
        load_bundle(folder)


@pytest.mark.parametrize("tiers", [7, [], {"fast": 7}])
def test_forged_tiers_are_refused(folder: Path, tiers: object) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | {"tiers": tiers}
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BundleError):
        load_bundle(folder)


def test_the_card_tells_what_it_costs(small_bundle: Bundle) -> None:
    found = small_bundle.manifest.tiers["fast"]["heldout"]
    assert found["n"] >= FEWEST
    assert set(found["auc_losses"]) == set(INCIVILITY_HEADS)
    assert 0 < found["encoded"] < 1
    assert found["actions_differ"] < 0.05
    card = render_card(small_bundle.manifest)
    assert f"{found['encoded']:.1%} of them" in card
    assert f"| p_uncivil | {found['auc_loss']} |" in card
    assert "## Fast tier" not in render_card(replace(small_bundle.manifest, tiers={}))


def test_a_band_keeps_its_distances_in_log_odds() -> None:
    band = Band(low=0.4, high=0.7, threshold=0.5)
    assert band.around(0.5) == pytest.approx((0.4, 0.7))
    low, high = band.around(0.99)
    assert 0.97 < low < 0.99 < high < 1


POLICY = Policy(review=0.5, hold=0.9, intolerable=0.9)


def log_odds(chances: object) -> np.ndarray:
    values = np.asarray(chances, np.float64)
    return np.log(values / (1 - values)).astype(np.float32)


def two_tiers(noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of a full tier and of a lexical one that misses it by ``noise``."""
    random = np.random.default_rng(seed)
    full = random.normal(-1, 2, (4000, 2)).astype(np.float32)
    full[:, 1] -= 3
    return full, full + random.normal(0, noise, full.shape).astype(np.float32)


def test_bands_reach_the_share_and_no_more_than_needed() -> None:
    full, lexical = two_tiers(0.5)
    rows = Decided.of(full, lexical, POLICY)
    shares = []
    for equal in (0.95, 0.98, 1.0):
        bands = fit_bands(rows, POLICY, equal)
        asked = rows.inside(bands, POLICY)
        assert 1 - (rows.differ & ~asked).mean() >= equal - 1e-9
        shares.append(asked.mean())
    assert shares == sorted(shares)
    assert shares[0] < 0.2 < shares[2]


def test_a_better_lexical_tier_needs_less_of_the_encoder() -> None:
    shares = []
    for noise in (0.2, 0.5, 1.0):
        rows = Decided.of(*two_tiers(noise), POLICY)
        shares.append(rows.inside(fit_bands(rows, POLICY, 0.98), POLICY).mean())
    assert shares == sorted(shares)


def test_equal_tiers_need_none() -> None:
    full, _ = two_tiers(0)
    rows = Decided.of(full, full, POLICY)
    bands = fit_bands(rows, POLICY, 1.0)
    assert set(bands) == set(DECISIONS)
    assert not rows.inside(bands, POLICY).any()


def test_what_no_band_can_mend_ends() -> None:
    full = log_odds([[0.99999, 0.5]] * 10)
    lexical = log_odds([[0.0001, 0.0001]] * 10)
    rows = Decided.of(full, lexical, POLICY)
    assert not rows.inside(fit_bands(rows, POLICY, 1.0), POLICY).any()
