"""A page of insight as Streamlit's own test harness draws it, and what stands on it."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from data.store import QueueFilter, Store

PAGE = """
from data.store import Store
from training.review import people, {page}
from training.review.service import ReviewService
people.current = lambda: people.Person("Camille", {role!r}, single_user=False)
opened = Store.open({store!r})
{page}.draw(lambda: ReviewService(opened, "Camille", lambda: None))
opened.close()
"""


Opener = Callable[..., AppTest]


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def has(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


def tally(store: Store) -> dict[str, int]:
    return {name: n for name, n in store.status_counts(QueueFilter()).items() if n}
