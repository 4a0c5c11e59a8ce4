"""What a refused statement of reasons holds, in French, for the person who wrote it."""

from data.reasons import MAX_STATEMENT, StatementError
from training.review.language import say

_LONGEST = 60


def refusal(error: StatementError, statement: str) -> str:
    """Sentence that says what stands in ``statement`` and must not; plain text, to be escaped.

    Parameters
    ----------
    statement
        The text as it was given to the store.
    """
    statement = statement.strip()
    said = [_one(problem.kind, statement[problem.begin : problem.end]) for problem in error.problems]
    return say("statement.refused", what=" ; ".join(dict.fromkeys(said)) + ".")


def _one(kind: str, piece: str) -> str:
    what = say(f"statement.{kind}", most=MAX_STATEMENT) if kind == "long" else say(f"statement.{kind}")
    if kind in ("long", "empty"):
        return what
    short = piece if len(piece) <= _LONGEST else piece[: _LONGEST - 1] + "…"
    return say("statement.piece", what=what, piece=short)
