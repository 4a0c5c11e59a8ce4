"""Errors that a user can mend: the command line prints one line and exits with 2."""

from collections.abc import Callable


class CourtoisError(Exception):
    """Base of every error caused by input, settings or the machine, never by a bug.

    Parameters
    ----------
    what
        What was wrong, without the comment's text (comments are personal data).
    where
        File, line, column or folder; put in front of the message.
    fix
        What the reader can do about it; put at the end.

    >>> str(InputError("no column 'text'", where="dump.csv:1", fix="use --map text=COLUMN"))
    "dump.csv:1: no column 'text'; use --map text=COLUMN"
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(f"{where}: {what}" if where else what, fix)

    def __reduce__(
        self,
    ) -> tuple[Callable[..., "CourtoisError"], tuple[type["CourtoisError"], str, str, str]]:
        # Keyword-only arguments do not survive pickling, and workers send their errors pickled.
        return _rebuilt, (type(self), self.what, self.where, self.fix)

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}; {self.fix}" if self.fix else message


def _rebuilt(kind: type[CourtoisError], what: str, where: str, fix: str) -> CourtoisError:
    return kind(what, where=where, fix=fix)


class InputError(CourtoisError):
    """A dump, page, export or option that cannot be used."""


class BundleError(CourtoisError):
    """A model bundle that is damaged, too new or not a bundle."""


class StoreError(CourtoisError):
    """The decision store cannot be opened, read or written."""


class ConflictError(StoreError):
    """The comment was decided by someone else in the meantime; nothing was written."""


class LeaseLostError(ConflictError):
    """Another moderator holds the comment now; nothing was written."""
