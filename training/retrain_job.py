"""The process behind a retraining of the page *Modèles*: export the labels, retrain, say how it ended."""

import argparse
import json
import os
import sys
import threading
from pathlib import Path

from data.errors import CourtoisError, InputError
from data.exchange import export_labels
from data.store import Store
from training.cli import retrain
from training.cli.progress import say
from training.jobs import ALIVE, BEAT, CANDIDATE, LABELS, RESULT, Job
from training.retrain import FEWEST


def main(folder: Path) -> int:
    """Run the job of ``folder``; its export is removed whatever happens."""
    ended = threading.Event()
    threading.Thread(target=_beat, args=(folder / ALIVE, ended), daemon=True).start()
    code = 2
    try:
        code = _run(folder)
    except CourtoisError as error:
        print(error, flush=True)
    finally:
        (folder / LABELS).unlink(missing_ok=True)
        ended.set()
        aside = folder / f".{RESULT}"
        aside.write_text(json.dumps({"code": code}), encoding="utf-8")
        os.replace(aside, folder / RESULT)
    return code


def _run(folder: Path) -> int:
    labels = folder / LABELS
    with Store.open(Job(folder).request.get("store"), must_exist=True) as store:
        count = export_labels(store.labelled, labels)
    say(f"{count} labels exported from the store")
    if count < FEWEST:
        raise InputError(f"{count} labels, at least {FEWEST} are needed", fix="decide or label more comments")
    parser = argparse.ArgumentParser()
    retrain.add_arguments(parser)
    return retrain.run(parser.parse_args([str(labels), "-o", str(folder / CANDIDATE)]))


def _beat(path: Path, ended: threading.Event) -> None:
    while not ended.wait(BEAT):
        path.touch()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
