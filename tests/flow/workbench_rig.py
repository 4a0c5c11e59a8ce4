"""The browser's half of the queue, played by a test: what it is sent, and what it says."""

import json
import time
import uuid
from typing import Any

from streamlit.testing.v1 import AppTest

from training.review.queue_page import KEY
from training.review.workbench.component import NAME


def data_of(app: AppTest) -> dict[str, Any]:
    """What the browser was sent last."""
    (element,) = [e for e in app.get("bidi_component") if e.proto.component_name.endswith(NAME)]
    found: dict[str, Any] = json.loads(element.proto.json)
    return found


def act(kind: str, comment: str = "", version: int = 0, **more: Any) -> dict[str, Any]:
    """One entry of the browser's log."""
    return {"id": str(uuid.uuid4()), "kind": kind, "comment": comment, "version": version, **more}


class Tab:
    """One tab on the queue: it sends messages as the browser would, and reads the answers."""

    def __init__(self, app: AppTest, me: str = "Camille") -> None:
        self.app, self.me, self.seq, self.mount = app, me, 0, str(uuid.uuid4())
        self.data = data_of(app)

    def say(self, *acts: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Send a message and give the answer."""
        self.seq += 1
        ask = {"mount": self.mount, "seq": self.seq, "me": self.me, "config": False, "log": list(acts)}
        ask |= {"queue": self.data["queue"], "have": [], "want": 20, **more}
        self.app.session_state[KEY] = {"ask": ask}
        self.app.run()
        assert not self.app.exception
        self.data = data_of(self.app)
        return self.data

    def wait_for(self, comment_id: str) -> dict[str, Any]:
        """Ask until the evidence of a comment is there, and give it."""
        for _ in range(100):
            found: dict[str, Any] | None = self.say(near=[comment_id])["evidence"].get(comment_id)
            if found is not None:
                return found
            time.sleep(0.05)
        raise AssertionError(f"no evidence for {comment_id}")

    @property
    def ids(self) -> list[str]:
        """Ids of the comments that came last."""
        return [card["id"] for card in self.data["items"]]
