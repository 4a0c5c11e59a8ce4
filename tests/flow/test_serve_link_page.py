"""The page *Santé du lien*, against a running service and without one."""

import math
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import streamlit as st
from serve_rig import Rig, running
from streamlit.testing.v1 import AppTest

from model.serving.keys import ApiKey, digest
from training.review import link
from training.review.strings_fr import TEXTS as FR


def page() -> None:
    from training.review import link_page

    link_page.draw()


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    keys = [ApiKey(1, "coral", digest("bonne"), None, revoked=False)]
    with running(small_folder, keys=keys) as found:
        for key, text in (("bonne", "Merci"), ("bonne", ""), ("fausse", "Merci")):
            body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"]}
            found.send(f"/comments:analyze?key={key}", body)
        yield found


@pytest.fixture
def app(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setenv(link.SERVICE, f"http://127.0.0.1:{rig.port}")
    yield AppTest.from_function(page, default_timeout=30).run()
    st.cache_resource.clear()


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_it_shows_the_figures(app: AppTest) -> None:
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown[FR["link.total"]] == "3"
    assert shown[FR["link.p99"]].endswith("ms")
    assert shown[FR["link.last"]] != FR["link.never"]
    text = html_of(app)
    assert all(word in text for word in ("COMMENT_EMPTY", "API_KEY_INVALID", "coral", "petit@1"))


def test_the_test_button(app: AppTest) -> None:
    button = next(b for b in app.button if b.label == FR["link.test"])
    app.text_input(key="link_key").set_value("fausse")
    button.click().run()
    assert "API key not valid" in html_of(app)
    app.text_input(key="link_key").set_value("bonne")
    next(b for b in app.button if b.label == FR["link.test"]).click().run()
    assert "Réponse en" in html_of(app)
    assert not app.exception


@pytest.mark.parametrize("address", ["file:///etc/passwd", "nulle part", "http://", "http://[::1"])
def test_what_is_no_address_is_said(app: AppTest, address: str) -> None:
    app.text_input(key="link_address").set_value(address).run()
    assert not app.exception
    assert FR["link.down"].split("{")[0] in html_of(app)
    assert "root:" not in html_of(app)


def test_a_service_that_is_down_is_said() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(link.LinkError, match="ne répond pas"):
            link.health(f"http://127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize("text", ["", "<html>", "courtois_bundle_info", 'a{b="c"} x', "other_metric 1\n"])
def test_other_texts_are_no_figures(text: str) -> None:
    with pytest.raises(link.LinkError):
        link.read(text)


def test_quantiles_of_bins() -> None:
    bins = {0.1: 10.0, 0.8: 90.0, math.inf: 100.0}
    assert link.quantile(bins, 0.05) == pytest.approx(50)
    assert link.quantile(bins, 0.5) == pytest.approx(450)
    assert link.quantile(bins, 0.99) == math.inf
    assert link.quantile({}, 0.5) is None
    assert link.quantile({math.inf: 0.0}, 0.5) is None
