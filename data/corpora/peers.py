"""What other systems said of the benchmark's rows, for comparison."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.corpora.registry import spec
from data.corpora.source import local_file, missing
from data.errors import InputError

PEERS_FILE: Final = "toxifrench/peers_dev.csv"


def peer_predictions(root: Path | None = None) -> pd.DataFrame:
    """Read the published predictions on the rows of ``toxifrench_benchmark``.

    Parameters
    ----------
    root
        Folder of the corpora, sought as ``load_corpus`` does.

    Returns
    -------
    pandas.DataFrame
        One row per comment, indexed by the corpus's own ``msg_id`` (a record's id without its
        ``toxifrench_benchmark:``); ``label`` 0/1, one 0/1 column per system, and Perspective's
        raw scores in [0, 1] as ``perspective_<ATTRIBUTE>``.

    Raises
    ------
    InputError
        When the file is not on this machine or is damaged.
    """
    corpus = spec("toxifrench_benchmark")
    file = local_file(corpus, PEERS_FILE, root)
    if file is None:
        raise missing(corpus, PEERS_FILE)
    try:
        frame = pd.read_csv(file, dtype={"msg_id": str})
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({type(error).__name__})", where=str(file)) from error
    for column in ("msg_id", "label"):
        if column not in frame:
            raise InputError(f"no column {column}", where=str(file), fix="use the file as it was published")
    if not frame["msg_id"].is_unique:
        raise InputError("a msg_id occurs twice", where=str(file), fix="use the file as it was published")
    return frame.set_index("msg_id")
