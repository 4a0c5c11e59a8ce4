"""Load a corpus by name as comment records."""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from data.corpora.maps import OURS
from data.corpora.registry import spec as spec_of
from data.corpora.source import Loader, local_file, missing, read_hub, read_local
from data.corpora.spec import CorpusSpec, Row
from data.embedded import embedded_comments, embedded_digest
from data.record import MAX_TEXT, Comment

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCorpus:
    """Records of a corpus, and how many of its rows were left out and why."""

    comments: list[Comment]
    empty: int = 0
    over_long: int = 0
    unlabelled: int = 0


def load_corpus(name: str, root: Path | None = None) -> list[Comment]:
    """Load one corpus of the registry.

    Parameters
    ----------
    name
        One of ``corpus_names()``.
    root
        Folder of the corpora; see ``data.corpora.source.corpora_root`` for where it is sought.
        A corpus whose file is not there is read from the hub under its real identifier.

    Returns
    -------
    list of Comment
        In file order, ids prefixed ``<name>:``; rows left out are counted in a log warning.

    Raises
    ------
    InputError
        For an unknown name, a corpus that is nowhere, or a damaged file.
    """
    loaded = read_corpus(name, root)
    left_out = {"empty": loaded.empty, "over-long": loaded.over_long, "unlabelled": loaded.unlabelled}
    if any(left_out.values()):
        log.warning(
            "corpus %s: left out %s", name, ", ".join(f"{n} {why}" for why, n in left_out.items() if n)
        )
    return loaded.comments


def read_corpus(name: str, root: Path | None = None, *, loader: Loader | None = None) -> LoadedCorpus:
    """Load one corpus with the count of what was left out.

    ``loader`` stands in for ``datasets.load_dataset``. Raises as ``load_corpus`` does.
    """
    spec = spec_of(name)
    if not spec.file:
        return LoadedCorpus(comments=embedded_comments())
    comments: list[Comment] = []
    empty = over_long = unlabelled = 0
    for number, row in enumerate(_rows(spec, root, loader)):
        comment = spec.read(name, number, row)
        if comment is None:
            unlabelled += 1
        elif not comment.text.strip():
            empty += 1
        elif len(comment.text) > MAX_TEXT:
            over_long += 1
        else:
            comments.append(comment)
    return LoadedCorpus(comments=comments, empty=empty, over_long=over_long, unlabelled=unlabelled)


def corpus_digest(name: str, root: Path | None = None) -> str:
    """SHA-256 of what the corpus is read from, for the manifest of a bundle.

    Of the file itself; where our labels are joined to it, of both files as ``sha256sum`` lists
    them; from the hub, of its rows as sorted JSON Lines.

    Raises
    ------
    InputError
        As ``load_corpus``.
    """
    spec = spec_of(name)
    if not spec.file:
        return embedded_digest()
    if local_file(spec, spec.file, root) is None:
        rows = (json.dumps(row, sort_keys=True, ensure_ascii=False) for row in _rows(spec, root, None))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()
    digests = {}
    for path in filter(None, (spec.file, spec.relabelled)):
        file = local_file(spec, path, root)
        if file is None:
            raise missing(spec, path)
        with file.open("rb") as content:
            digests[path] = hashlib.file_digest(content, "sha256").hexdigest()
    if len(digests) == 1:
        return digests[spec.file]
    return hashlib.sha256("".join(f"{d}  {path}\n" for path, d in digests.items()).encode()).hexdigest()


def _rows(spec: CorpusSpec, root: Path | None, loader: Loader | None) -> list[Row]:
    file = local_file(spec, spec.file, root)
    ours = local_file(spec, spec.relabelled, root)
    if spec.relabelled and ours is None:
        raise missing(spec, spec.relabelled)
    if file is not None:
        rows = read_local(file, spec.columns, loader)
    elif spec.hub is not None:
        rows = read_hub(spec.hub, loader)
    else:
        raise missing(spec, spec.file)
    if ours is None:
        return rows
    labels = {row[spec.key]: row for row in read_local(ours, (spec.key, "severity"))}
    return [
        row | {OURS + name: cell for name, cell in labels.get(row[spec.key], {}).items() if name != spec.key}
        for row in rows
    ]
