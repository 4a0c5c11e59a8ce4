"""What an export holds: comments by what they have and lack, decisions by who took them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from model.serving.analyze import MAX_TEXT_BYTES
from training.migration.coral_record import BANNED, STAFF, STATUSES, TOXIC
from training.migration.table import EARLIER, KEPT, OTHER, REFUSED, RULE, Booleans

Found = dict[str, npt.NDArray[Any]]
"""Columns of the newest record of each comment, as ``Table.latest`` gives them."""


def main_model(found: Found) -> int:
    """The model that scored most comments."""
    models = found["model"][np.isfinite(found["old"])]
    return int(np.bincount(models).argmax()) if len(models) else 0


def contents(found: Found, model: int, models: list[str]) -> dict[str, Any]:
    """Comments by what they have and lack."""
    old, new, deleted = np.isfinite(found["old"]), np.isfinite(found["new"]), found["deleted"] > 0
    empty, long = (found["bytes"] == 0) & ~deleted, found["bytes"] > MAX_TEXT_BYTES
    without, flags = ~old & new, found["flags"]
    verdict, created = found["verdict"], found["created"][found["created"] >= 0]
    return {
        "comments": len(old),
        "deleted": int(deleted.sum()),
        "empty": int(empty.sum()),
        "too_long": int((long & ~deleted).sum()),
        "never_scored": int(without.sum()),
        "never_scored_staff": int((without & (flags & STAFF > 0)).sum()),
        "never_scored_banned": int((without & (flags & BANNED > 0) & (flags & STAFF == 0)).sum()),
        "other_model": int((old & new & (found["model"] != model)).sum()),
        "compared": int((old & new & (found["model"] == model)).sum()),
        "edited": int((found["revisions"] > 1).sum()),
        "calls": int(found["calls"].sum()),
        "models": {
            name: int((found["model"][old] == place).sum()) for place, name in enumerate(models) if name
        },
        "statuses": {
            name: int((found["status"] == code).sum()) for code, name in enumerate((*STATUSES, "UNKNOWN"))
        },
        "decided": {
            name: int((verdict == code).sum())
            for name, code in (
                ("approved", KEPT),
                ("rejected", REFUSED),
                ("rule", RULE),
                ("other_reason", OTHER),
                ("earlier_revision", EARLIER),
            )
        },
        "first": int(created.min()) if len(created) else None,
        "last": int(created.max()) if len(created) else None,
    }


def threshold_seen(found: Found, scored: Booleans) -> dict[str, float] | None:
    """Between which scores Coral's threshold lay, told from its own flags."""
    flagged = scored & ((found["flags"] & TOXIC) > 0)
    free = found["old"][scored & ~flagged]
    if not flagged.any() or not len(free):
        return None
    low, high = float(np.quantile(free, 0.999)), float(np.quantile(found["old"][flagged], 0.001))
    return {"highest_free": round(low, 4), "lowest_flagged": round(high, 4)}
