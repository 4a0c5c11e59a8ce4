"""Comments of a small queue, each with another reason to be found."""

from typing import Any

from data.record import Comment
from data.store import Store


def scored(id_: str, p: float, action: str = "review", **given: Any) -> tuple[Comment, dict[str, Any]]:
    scores = {"incivility": p, "action": action, "bundle": "b-1", **given.pop("scores", {})}
    text = given.pop("text", f"Commentaire {id_}")
    return Comment(id=id_, text=text, **given), scores


ROWS = (
    scored("hold", 0.62, "hold", extra={"Site": "lyon", "rubrique": "sport"}, created_at="2026-03-05"),
    scored("worst", 0.95, extra={"site_id": 7, "section": "sport"}, created_at="2026-03-01T12:00:00Z"),
    scored(
        "threat",
        0.7,
        extra={"site": "lyon"},
        created_at="2026-03-03T00:30:00+02:00",
        scores={"threat": 0.5, "insult": 0.2, "severity": 3, "stance": "against", "p_intolerable": 0.6},
    ),
    scored("edge", 0.5, thread_id="t", article_title="Titre", scores={"severity": 1, "threat": 0.49}),
    scored("calm", 0.05, "publish", thread_id="t", created_at="sans date", scores={"insult": 1.0}),
)


def decide(store: Store, id_: str, verdict: Any, moderator: str = "anne", **given: Any) -> Any:
    return store.decide(id_, verdict, moderator=moderator, version=store.item(id_).version, **given)
