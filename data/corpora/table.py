"""The registry as the Markdown tables of ``docs/corpora.md``: ``python -m data.corpora.table``."""

from collections.abc import Iterable

from data.corpora.registry import REGISTRY


def corpora_tables() -> str:
    """Return two tables: what each corpus is, then how its labels are mapped."""
    what = [
        (
            f"`{s.name}`",
            s.about,
            s.use,
            s.licence,
            f"`{s.file}`" if s.file else "in the package",
            _hub(s.name),
        )
        for s in REGISTRY.values()
    ]
    how = [(f"`{s.name}`", ", ".join(s.labels) or "none", s.label_map, s.notes) for s in REGISTRY.values()]
    return "\n".join(
        (
            "## What they are",
            _table(("corpus", "what", "use", "licence", "file", "hub"), what),
            "",
            "## How labels are mapped",
            _table(("corpus", "labels", "map", "mind"), how),
        )
    )


def _hub(name: str) -> str:
    hub = REGISTRY[name].hub
    if hub is None:
        return ""
    return f"`{hub.id}`" + (f", config {hub.config}" if hub.config else "") + f", split {hub.split}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    print(corpora_tables())
