"""Label maps: from each corpus's own labels to those of the annotation guide.

Every map keeps the original label in ``extra["original_label"]`` and the other columns of its
corpus under their own names, or as ``original_<name>`` where the record has a column so named.
"""

import html
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from data.corpora.spec import Row
from data.errors import InputError
from data.record import TEXT_COLUMNS, Comment, Labels, parse_labels
from data.taxonomy import LABEL_COLUMNS, SUBTYPES, Stance

OURS: Final = "relabelled:"
"""Prefix of the columns joined from our own labels."""

NAME_CALLING: Final = {"NCG": 1, "DNG": None, "THR": None, "OTH": 0, "BLM": 0, "": 0}
"""Kind of verbal abuse to insult; denigration and threats may hold one or not."""

T = TypeVar("T")

_TAKEN: Final = frozenset((*TEXT_COLUMNS, *LABEL_COLUMNS, "id", "text"))

_STANCES: Final[dict[str, Stance]] = {
    "FAVOR": "favor",
    "FAVOUR": "favor",
    "AGAINST": "against",
    "NONE": "none",
}

HATECHECK_UNCIVIL_ANYWAY: Final = ("target_indiv_nh", "target_group_nh")
"""Abuse of a person or of an unprotected group: not hateful, yet not civil by our guide."""


def toxifrench(corpus: str, number: int, row: Row) -> Comment | None:
    """Mean of the human verdicts available, at least one half is incivility 1."""
    votes = [float(row[name]) for name in ("human1_conclusion", "human2_score") if row.get(name)]
    literal = row.get("literal_conclusion_annotator", "").strip().lower()
    if not votes and literal:
        votes = [float(_choice(literal, {"oui": 1, "non": 0}, corpus, number))]
    if not votes:
        return None
    mean = sum(votes) / len(votes)
    verdicts = " ".join(row.get(name, "") for name in ("human1_conclusion", "human2_conclusion"))
    return _record(
        corpus, number, row, text="content", id="msg_id",
        labels=Labels(incivility=int(mean >= 0.5)), original=literal or verdicts.strip(),
        columns={"thread_id": "topic", "author": "user_hash"}, kept={"human_mean": mean},
    )  # fmt: skip


def toxifrench_benchmark(corpus: str, number: int, row: Row) -> Comment | None:
    """``label`` 0/1 of the balanced test rows."""
    label = row["label"].strip().lower()
    labels = Labels(incivility=_choice(label, {"1": 1, "0": 0, "oui": 1, "non": 0}, corpus, number))
    return _record(corpus, number, row, text="content", id="msg_id", labels=labels, original=row["label"])


def jigsaw(corpus: str, number: int, row: Row) -> Comment | None:
    """Take the six Jigsaw labels one to one, except ``severe_toxic``, which has no equal here."""
    named = {
        "incivility": "toxic",
        "insult": "insult",
        "profanity": "obscene",
        "threat": "threat",
        "identity_attack": "identity_hate",
    }
    original = " ".join(
        n for n in ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate") if row[n] == "1"
    )
    cells = {ours: row[theirs] for ours, theirs in named.items()}
    labels = parse_labels(cells, where=f"{corpus} row {number}")
    return _record(
        corpus, number, row, text="content", id="msg_id", labels=labels, original=original or "none"
    )


def relabelled_tweets(corpus: str, number: int, row: Row) -> Comment | None:
    """Our own severity and subtypes; rows that nobody read again are left out."""
    ours = {name: row.get(OURS + name) for name in ("severity", *SUBTYPES)}
    if not ours["severity"]:
        return None
    key, original = ("HITId", "sentiment") if "HITId" in row else ("id", "label")
    rest = {name: cell for name, cell in row.items() if not name.startswith(OURS)}
    labels = parse_labels(ours, where=f"{corpus} row {number}")
    return _record(corpus, number, rest, text="tweet", id=key, labels=labels, original=row[original])


def hatecheck(corpus: str, number: int, row: Row) -> Comment | None:
    """Hateful is an identity attack and uncivil; non-hateful is civil but for two functionalities."""
    hateful = _choice(row["label_gold"], {"hateful": 1, "non-hateful": 0}, corpus, number)
    undecided = row["functionality"] in HATECHECK_UNCIVIL_ANYWAY
    return _record(
        corpus, number, row, text="test_case", id="mhc_case_id", original=row["label_gold"],
        labels=Labels(incivility=None if undecided else hateful, identity_attack=hateful),
        columns={"thread_id": "templ_id"}, kept={"target_ident": row["target_ident"]},
    )  # fmt: skip


def cyberagression(corpus: str, number: int, row: Row) -> Comment | None:
    """Overt or covert aggression is incivility; name-calling and threats are subtypes.

    One kind of verbal abuse is given per message, so insult stays unlabelled where denigration
    or a threat was the kind chosen.
    """
    kind = row["VERBAL_ABUSE"]
    return _record(
        corpus, number, row, text="TEXT", id=None, original=f"{row['HATE']} {kind}".strip(),
        labels=Labels(
            incivility=_choice(row["HATE"], {"OAG": 1, "CAG": 1, "NAG": 0}, corpus, number),
            insult=_choice(kind, NAME_CALLING, corpus, number),
            threat=int(kind == "THR"),
        ),
        columns={"thread_id": "scenario", "author": "speaker_hash"},
    )  # fmt: skip


def republique_numerique(corpus: str, number: int, row: Row) -> Comment | None:
    """For or against the proposal, whose title is the target."""
    return _record(
        corpus, number, row, text="text", id="argument_id", original=row["label"],
        labels=Labels(stance=_choice(row["label"], _STANCES, corpus, number)),
        columns={"target": "target_title", "thread_id": "opinion_id", "author": "author_hash",
                 "created_at": "created_at"},
    )  # fmt: skip


def xstance(corpus: str, number: int, row: Row) -> Comment | None:
    """For or against a question, which is the target and the thread."""
    return _record(
        corpus, number, row, text="comment", id=None, original=row["label"],
        labels=Labels(stance=_choice(row["label"], _STANCES, corpus, number)),
        columns={"target": "question", "thread_id": "question", "author": "author"},
    )  # fmt: skip


def efra(corpus: str, number: int, row: Row) -> Comment | None:
    """For, against or neither towards one of two politicians."""
    labels = Labels(stance=_choice(row["label"], _STANCES, corpus, number))
    return _record(
        corpus,
        number,
        row,
        text="text",
        id="id",
        labels=labels,
        original=row["label"],
        columns={"target": "target"},
    )


def unlabelled(corpus: str, number: int, row: Row) -> Comment | None:
    """Text without labels; the video is the thread and its title the article's."""
    video, title = ("videoId", "videoTitle") if "videoId" in row else ("video_id", "video_title")
    row = row | {title: html.unescape(row.get(title, ""))}
    return _record(
        corpus, number, row, text="text", id=None, labels=Labels(), original=None,
        columns={"thread_id": video, "article_title": title, "created_at": "publishedAt"},
    )  # fmt: skip


def _choice(value: str, options: Mapping[str, T], corpus: str, number: int) -> T:
    try:
        return options[value]
    except KeyError:
        raise InputError(
            f"{value!r:.40} is no label of this corpus",
            where=f"{corpus} row {number}",
            fix=f"known are {', '.join(name or '(empty)' for name in options)}",
        ) from None


def _record(
    corpus: str,
    number: int,
    row: Row,
    *,
    text: str,
    id: str | None,
    labels: Labels,
    original: str | None,
    columns: Mapping[str, str] = MappingProxyType({}),
    kept: Mapping[str, Any] = MappingProxyType({}),
) -> Comment:
    """Build the record; ``columns`` names the column that each field of the record comes from."""
    extra: dict[str, Any] = {} if original is None else {"original_label": original}
    extra.update(kept)
    used = {text, id, *columns.values(), *extra}
    for name, cell in row.items():
        if name not in used and cell:
            extra[f"original_{name}" if name in _TAKEN else name] = cell
    fields = {field: row.get(column) or None for field, column in columns.items()}
    if fields.get("thread_id"):
        fields["thread_id"] = f"{corpus}:{fields['thread_id']}"
    own = (row.get(id) if id else None) or str(number)
    return Comment(text=row[text], id=f"{corpus}:{own}", labels=labels, source=corpus, extra=extra, **fields)
