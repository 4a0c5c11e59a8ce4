"""What makes the journal append-only, whoever writes to the database.

Erasure may empty ``labels``, ``previous_label`` and ``statement``; nothing else ever changes.
"""

from typing import Final

COLUMNS: Final = (
    "ALTER TABLE decision ADD COLUMN reason TEXT",
    "ALTER TABLE decision ADD COLUMN statement TEXT",
    "ALTER TABLE decision ADD COLUMN origin TEXT",
    "ALTER TABLE decision ADD COLUMN proposed TEXT",
    "CREATE INDEX decision_at ON decision (decided_at)",
    "CREATE INDEX decision_reason ON decision (reason, id)",
)

_REFUSED: Final = "the journal is append-only"
_KEPT: Final = (  # the columns of migration 5; one that comes later needs the triggers made anew
    "id",
    "comment_id",
    "kind",
    "moderator",
    "decided_at",
    "bundle",
    "previous_status",
    "previous_by",
    "previous_at",
    "undoes",
    "batch",
    "rule",
    "reason",
    "origin",
    "proposed",
)


def _emptied(same: str) -> str:
    return (
        f"(NEW.labels {same} OLD.labels OR NEW.labels {same} '{{{{}}}}') "
        f"AND (NEW.previous_label IS NULL OR NEW.previous_label {same} OLD.previous_label) "
        f"AND (NEW.statement IS NULL OR NEW.statement {same} OLD.statement)"
    )


POSTGRESQL: Final = (
    f"""CREATE FUNCTION courtois_journal_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - ARRAY['labels', 'previous_label', 'statement']
                = to_jsonb(OLD) - ARRAY['labels', 'previous_label', 'statement']
                AND {_emptied("IS NOT DISTINCT FROM")} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';
    END $guard$""",
    """CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON decision
    FOR EACH ROW EXECUTE FUNCTION courtois_journal_guard()""",
    """CREATE TRIGGER decision_kept_whole BEFORE TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION courtois_journal_guard()""",
)


_SAME: Final = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)

SQLITE: Final = (
    f"""CREATE TRIGGER decision_kept BEFORE UPDATE ON decision
    WHEN NOT ({_SAME} AND {_emptied("IS")})
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER decision_kept_rows BEFORE DELETE ON decision
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    # INSERT OR REPLACE would take the old row away without a DELETE that triggers see
    f"""CREATE TRIGGER decision_kept_ids BEFORE INSERT ON decision
    WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id OR undoes = NEW.undoes)
    BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
)
