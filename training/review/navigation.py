"""The pages of the review app, and whether Streamlit is what runs this process's script.

Streamlit is imported when it is needed only: every other command starts without it.
"""

import html
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.review.people import Person


def running_under_streamlit() -> bool:
    """Whether the script is being run by ``streamlit run`` (or by Streamlit's test harness)."""
    if "streamlit" not in sys.modules:
        return False
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    return get_script_run_ctx(suppress_warning=True) is not None


def show() -> None:
    """Draw the app: the page chosen, under a line that says who works on it."""
    import streamlit as st

    from data.errors import StoreError
    from training.review import card, login_page, page_language, people, session_cookie
    from training.review.language import say
    from training.review.style import STYLE

    # without icons: Streamlit makes the page's the tab's, and fetches that from another machine
    st.set_page_config(page_title=say("app.title"), layout="wide")
    pages = [
        st.Page(_queue, title=say("page.queue"), url_path="file", default=True),
        st.Page(_batch, title=say("page.batch"), url_path="lots"),
        st.Page(_annotate, title=say("page.annotate"), url_path="annoter"),
        st.Page(_analyse, title=say("page.analyse"), url_path="analyser"),
        st.Page(_upload, title=say("page.upload"), url_path="scorer"),
        st.Page(_workload, title=say("page.workload"), url_path="charge"),
        st.Page(_stances, title=say("page.stance"), url_path="positions"),
        st.Page(_journal, title=say("page.journal"), url_path="journal"),
        st.Page(_models, title=say("page.models"), url_path="modeles"),
        st.Page(_drift, title=say("page.drift"), url_path="derive"),
        st.Page(_link, title=say("page.link"), url_path="lien"),
    ]
    try:
        person = people.current()
    except StoreError as error:
        st.navigation(pages, position="hidden")
        st.html(STYLE + card.notice("error", say("error.store.read", what=str(error))))
        st.button(say("login.retry"), key="login_retry")
        return
    page = st.navigation(pages, position="hidden" if person.ended else "top")
    st.html(STYLE)
    page_language.draw()
    if person.ended:
        login_page.draw(person.name)
        session_cookie.draw()
        return
    _header(person, page.title)
    page.run()


def _header(person: "Person", title: str) -> None:
    import streamlit as st

    from training.review import people, session_cookie, settings
    from training.review.language import say
    from training.review.safe_html import escape

    role = say(f"people.{person.role}")
    named = say("people.signed_in", name=person.name, role=role)
    who = say("app.moderator", name=person.name if person.single_user else named)
    where = f'<h1 class="ct-where">{html.escape(title)}</h1>'
    brand = f"{where}<b>{html.escape(say('app.title'))}</b> · {escape(who)}"
    if person.single_user:
        single = html.escape(say("people.single", address=settings.ADDRESS))
        st.html(f'<div class="ct-brand">{brand} · {single}</div>')
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(f'<div class="ct-brand">{brand}</div>', width="content")
        with st.container(horizontal=True, width="content"):
            st.button(say("logout"), key="people_out", on_click=people.sign_out, type="tertiary")
            session_cookie.draw()  # before the page, which may take its time


def _queue() -> None:
    import streamlit as st

    from data.errors import StoreError
    from training.review import card, filling, queue_page, resources
    from training.review.language import say

    try:
        service = resources.service()
    except StoreError as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        return
    work = filling.current()
    if work is not None and work.running:
        with st.spinner(say("queue.filling")):
            work.wait()
    if work is not None and work.error is not None:
        st.html(card.notice("error", say("queue.filling.failed", what=str(work.error))))
    queue_page.draw(service)


def _annotate() -> None:
    from training.review import annotate_page, resources

    annotate_page.draw(resources.service)


def _analyse() -> None:
    from training.review import analyse_page, resources

    analyse_page.draw(resources.scorer)


def _upload() -> None:
    from training.review import resources, upload_page

    upload_page.draw(resources.scorer, resources.service)


def _models() -> None:
    import os

    from training.review import models_page, settings

    models_page.draw(os.environ.get(settings.STORE) or None)


def _journal() -> None:
    import streamlit as st

    from data.errors import StoreError
    from training.review import card, journal_page, people, resources
    from training.review.language import say

    try:
        store = resources.service().store
    except StoreError as error:
        st.html(card.notice("error", say("error.store.read", what=str(error))))
        return
    journal_page.draw(store, people.current())


def _batch() -> None:
    from training.review import batch_page, resources

    batch_page.draw(resources.service)


def _workload() -> None:
    from training.review import resources, workload_page

    workload_page.draw(resources.service)


def _stances() -> None:
    from training.review import resources, stance_page

    stance_page.draw(resources.service)


def _drift() -> None:
    from training.review import drift_page, resources

    drift_page.draw(resources.service, resources.scorer)


def _link() -> None:
    from training.review import link_page

    link_page.draw()
