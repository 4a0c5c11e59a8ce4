"""Texts of the interface, in the language of the moderators."""

from datetime import datetime

from training.review.strings_fr import TEXTS


def say(key: str, **values: object) -> str:
    """Text of ``key`` with its ``values`` filled in.

    Raises
    ------
    KeyError
        For a key that the catalogue does not have: a bug, never a user's mistake.

    >>> say("queue.status.pending")
    'À traiter'
    """
    return TEXTS[key].format(**values) if values else TEXTS[key]


def plural(number: int) -> dict[str, object]:
    """``n`` and the plural's ``s`` that go with it.

    >>> plural(1), plural(2)
    ({'n': 1, 's': ''}, {'n': 2, 's': 's'})
    """
    return {"n": number, "s": "s" if number > 1 else ""}


def label_name(label: str) -> str:
    """Name of a label of the model, or the label itself where the catalogue has none.

    >>> label_name("insult"), label_name("new_head")
    ('Insulte', 'new_head')
    """
    return TEXTS.get(f"label.{label}", label)


def percent(probability: float) -> str:
    r"""French percentage, never rounded to a certainty that the model does not have.

    >>> percent(0.934), percent(0.0004), percent(0.9999)
    ('93\xa0%', '<\xa01\xa0%', '>\xa099\xa0%')
    """
    if 0 < probability < 0.005:
        return "<\xa01\xa0%"
    if 0.995 <= probability < 1:
        return ">\xa099\xa0%"
    return f"{probability:.0%}".replace("%", "\xa0%")


def moment(stamp: str) -> str:
    """Date and time of an ISO 8601 stamp in local time; anything else as it was given.

    >>> moment("2026-11-22T08:05:00"), moment("hier")
    ('22/11/2026 à 08:05', 'hier')
    """
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp[:40]
    return (when.astimezone() if when.tzinfo else when).strftime("%d/%m/%Y à %H:%M")


def day(date: str) -> str:
    """Date of an ISO 8601 day; anything else as it was given.

    >>> day("2026-11-20"), day("hier")
    ('20/11/2026', 'hier')
    """
    return moment(date).partition(" à ")[0]


def band(probability: float) -> str:
    """Plain word for a probability; a way of saying it, not a threshold of the model.

    >>> [band(p) for p in (0.9, 0.6, 0.3, 0.1)]
    ['very_likely', 'likely', 'uncertain', 'unlikely']
    """
    if probability >= 0.8:
        return "very_likely"
    if probability >= 0.5:
        return "likely"
    return "uncertain" if probability >= 0.2 else "unlikely"
