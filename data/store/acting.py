"""Acts that a browser sends until it is told what came of them."""

from data.store import acts
from data.store.acts import Act, Performed
from data.store.session import Session


class Acting(Session):
    """Acts with ids of their own, beside the plain ones."""

    def perform(self, given: Act, *, moderator: str) -> Performed:
        """Apply an act exactly once, however often it is sent.

        Raises
        ------
        ConflictError
            If the comment changed, or someone else holds it, or another act came after the one to
            take back; nothing is written.
        """
        return self._write(acts.perform, given, moderator)
