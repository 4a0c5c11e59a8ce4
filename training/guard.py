"""The evaluation-set guard: labelled rows that stand in a corpus which nobody may train on."""

from collections import Counter
from collections.abc import Callable, Sequence

from data.corpora import corpus_names, load_corpus, spec
from data.corpora.source import local_file
from data.record import Comment
from training.splits import folded

Load = Callable[[str], Sequence[Comment]]


def kept_for_evaluation() -> list[str]:
    """Names of the benchmarks and diagnostics of the registry that are on this machine."""
    return [name for name in corpus_names() if spec(name).use in ("benchmark", "diagnostic") and _here(name)]


def find_evaluation_rows(
    comments: Sequence[Comment], names: Sequence[str], *, load: Load = load_corpus
) -> tuple[list[Comment], dict[str, int]]:
    """Take out every row whose text, folded, stands in one of the corpora ``names``.

    Returns
    -------
    list of Comment, dict
        The rows that stand in none, and how many stand in each corpus that holds any.

    >>> rows = [Comment(id="1", text="Bonjour !"), Comment(id="2", text="Bonsoir")]
    >>> kept, found = find_evaluation_rows(
    ...     rows, ["essai"], load=lambda name: [Comment(id="a", text="bonjour")]
    ... )
    >>> [c.id for c in kept], found
    (['2'], {'essai': 1})
    """
    where: dict[str, str] = {}
    for name in names:
        for comment in load(name):
            where.setdefault(_key(comment), name)
    found = Counter(where[_key(c)] for c in comments if _key(c) in where)
    return [c for c in comments if _key(c) not in where], dict(found)


def _key(comment: Comment) -> str:
    return folded(comment.text) or comment.text


def _here(name: str) -> bool:
    known = spec(name)
    files = [path for path in (known.file, known.relabelled) if path]
    return all(local_file(known, path, None) is not None for path in files)
