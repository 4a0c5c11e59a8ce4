"""Estimators behave as scikit-learn's do, and weigh n-grams as its own one does."""

import importlib
import inspect
import pickle
import pkgutil

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfTransformer

import model
import training
from model.features.space import CHARACTER_BITS, FeatureSpace
from model.features.tfidf import HashedTfidf

TEXTS = ["le chat dort", "le chien mange le chat", "rien", "", "le le le"]


def our_estimators() -> list[type[BaseEstimator]]:
    """Every estimator class that a module of ours defines."""
    found = set()
    for package in (model, training):
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if info.name.startswith("training.review"):
                continue  # the screens hold no estimators, and need Streamlit's runtime
            module = importlib.import_module(info.name)
            found |= {
                cls
                for _, cls in inspect.getmembers(module, inspect.isclass)
                if issubclass(cls, BaseEstimator) and cls.__module__ == info.name
            }
    return sorted(found, key=lambda cls: cls.__name__)


def characters(bits: int = 18) -> HashedTfidf:
    space = FeatureSpace()
    return HashedTfidf(space.chars.grams, bits)


EXAMPLES = {"HashedTfidf": characters}


def test_every_estimator_is_checked() -> None:
    assert [cls.__name__ for cls in our_estimators()] == list(EXAMPLES)
    assert len(EXAMPLES) == 1


@pytest.fixture(params=EXAMPLES)
def estimator(request: pytest.FixtureRequest) -> HashedTfidf:
    return EXAMPLES[request.param]()


class TestEstimator:
    def test_parameters_round_trip(self, estimator: HashedTfidf) -> None:
        parameters = estimator.get_params()
        assert set(parameters) == set(inspect.signature(type(estimator)).parameters)
        assert clone(estimator).get_params() == parameters
        assert type(estimator)(**parameters).get_params() == parameters
        estimator.set_params(bits=12)
        assert clone(estimator).bits == 12
        with pytest.raises(ValueError, match="Invalid parameter"):
            estimator.set_params(nothing=1)

    def test_clone_is_not_fitted(self, estimator: HashedTfidf) -> None:
        copy = clone(estimator.fit(TEXTS))
        with pytest.raises(NotFittedError):
            copy.transform(TEXTS)

    def test_constructor_only_keeps(self, estimator: HashedTfidf) -> None:
        assert vars(estimator) == estimator.get_params()

    def test_fit_returns_itself_and_leaves_parameters(self, estimator: HashedTfidf) -> None:
        before = estimator.get_params()
        assert estimator.fit(TEXTS) is estimator
        assert estimator.get_params() == before

    def test_fit_twice_forgets_the_first(self, estimator: HashedTfidf) -> None:
        fresh = clone(estimator).fit(TEXTS)
        again = estimator.fit(["autre chose"]).fit(TEXTS)
        np.testing.assert_array_equal(fresh.idf_, again.idf_)

    def test_fit_transform_and_pickle(self, estimator: HashedTfidf) -> None:
        rows = estimator.fit_transform(TEXTS)
        again = pickle.loads(pickle.dumps(estimator)).transform(TEXTS)
        assert abs(rows - again).max() == 0


class TestTfidf:
    def test_same_as_scikit_learn(self) -> None:
        view = characters().fit(TEXTS)
        found = view.grams(TEXTS)
        shape = (len(TEXTS), 1 << view.bits)
        counts = sparse.csr_array((np.ones(len(found.text)), (found.text, found.bucket)), shape=shape)
        theirs = TfidfTransformer(sublinear_tf=True).fit(counts).transform(counts)
        assert abs(view.transform(TEXTS) - theirs).max() < 1e-3  # weights are kept in half precision

    def test_rows_have_unit_length_or_are_empty(self) -> None:
        rows = characters().fit(TEXTS).transform(TEXTS)
        assert rows.dtype == np.float32
        lengths = np.sqrt((rows * rows).sum(axis=1))
        np.testing.assert_allclose(lengths, [1, 1, 1, 0, 1], atol=1e-6)

    def test_batch_equals_row_by_row(self) -> None:
        view = characters().fit(TEXTS)
        alone = sparse.vstack([view.transform([text]) for text in TEXTS])
        assert abs(view.transform(TEXTS) - alone).max() < 1e-6

    def test_unseen_grams_weigh_most(self) -> None:
        view = characters().fit(TEXTS)
        unseen = np.setdiff1d(np.arange(1 << view.bits), view.grams(TEXTS).bucket)
        assert (view.idf_[unseen] == view.idf_.max()).all()

    @pytest.mark.parametrize("text", [t for t in TEXTS if t])
    def test_shares_sum_to_the_product(self, text: str) -> None:
        view = characters().fit(TEXTS)
        coefficients = np.random.default_rng(0).normal(size=1 << view.bits).astype(np.float32)
        shares = view.shares(view.grams([text]), coefficients)
        assert shares.sum() == pytest.approx(float((view.transform([text]) @ coefficients)[0]), abs=1e-5)

    def test_no_rows(self) -> None:
        view = characters().fit(TEXTS)
        assert view.transform([]).shape == (0, 1 << CHARACTER_BITS)
        assert len(view.shares(view.grams([""]), np.ones(1 << view.bits, np.float32))) == 0
