"""Fill the store when it is empty, then run Streamlit on the front door in this process."""

import os
import socket
from collections.abc import Iterator
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

from data.errors import InputError
from data.formats import Rejection
from data.reasons.drafting import ADDRESSES, web_address
from data.record import Comment
from data.store import Store
from training.review import filling, scorers, settings

FIRST_PORT = 8501
LAST_PORT = 8599


def prepare(dump: Path | None, *, progress: TextIO) -> None:
    """Score ``dump`` into the store now; for the sample, begin while the server starts.

    Raises
    ------
    InputError, BundleError, StoreError
        When the dump, the bundle or the store cannot be used, or an address of the statements of
        reasons is none: better told now than at the first rejection.
    """
    for variable in ADDRESSES:
        web_address(variable)
    if dump is not None:
        fill_store(dump, progress=progress)
        return
    with Store.open(os.environ.get(settings.STORE) or None) as store:
        empty = not any(store.counts().values())
    if empty:
        filling.start(lambda: fill_store(None, progress=progress))


def fill_store(dump: Path | None, *, progress: TextIO) -> int:
    """Score ``dump`` into the store; without one, the sample thread into a store that is empty.

    Returns
    -------
    int
        Comments added.

    Raises
    ------
    InputError, BundleError, StoreError
        When the dump, the bundle or the store cannot be used.
    """
    store = Store.open(os.environ.get(settings.STORE) or None)
    try:
        if dump is not None:
            return _score_into(store, dump, progress)
        if any(store.counts().values()):
            return 0
        with as_file(files("data") / "sample" / "thread.jsonl") as sample:
            if not sample.is_file():
                return 0
            print("courtois review: the store is empty, scoring the sample thread", file=progress, flush=True)
            return _score_into(store, sample, progress)
    finally:
        store.close()


def _score_into(store: Store, path: Path, progress: TextIO) -> int:
    from tqdm import tqdm

    from training.review.filescore import for_store, scored_chunks

    given = os.environ.get(settings.BUNDLE)
    bundle = Path(given) if given else None
    rejected: list[Rejection] = []
    bar = tqdm(unit=" comments", file=progress, disable=not progress.isatty(), leave=False)

    def pairs() -> Iterator[tuple[Comment, dict[str, Any]]]:
        # without evidence, which costs twenty times as much and is computed for what comes on screen
        for scored in scored_chunks(path, mapping={}, spans=False, bundle=bundle, factory=scorers.load):
            rejected.extend(scored.chunk.rejections)
            bar.update(len(scored.columns))
            yield from for_store(scored)

    with bar:
        added = store.add_scored(pairs())
    print(f"courtois review: {added} comments in the queue, {len(rejected)} set aside", file=progress)
    for one in rejected[:3]:
        column = f"column {one.column}: " if one.column else ""
        print(f"courtois review: {one.where}: {column}{one.reason}", file=progress)
    return added


def serve(port: int | None, here: settings.Place, *, open_browser: bool) -> int:
    """Run the app until it is interrupted.

    Raises
    ------
    InputError
        When the port is taken, or out of range.
    """
    from streamlit.web import cli

    chosen = free_port(port, here.address)
    host = f"[{here.address}]" if ":" in here.address else here.address
    print(f"courtois review: http://{host}:{chosen} (Ctrl-C stops it)", flush=True)
    flags = settings.streamlit_flags(chosen, here, open_browser=open_browser)
    try:
        cli.main(["run", *flags, str(_front_door())], standalone_mode=False)
    except KeyboardInterrupt:
        return 0
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    return 0


def free_port(wanted: int | None, address: str = settings.ADDRESS) -> int:
    """``wanted`` when nothing listens there, else the first free port of the usual range.

    Raises
    ------
    InputError
        When the wanted port, or every usual one, is taken, or the address is not this machine's.
    """
    try:
        family, _, _, _, (host, *_) = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
    except OSError as error:
        raise InputError(
            "is no address of this machine", where=f"--address {address}", fix="use 0.0.0.0 for all of them"
        ) from error
    if wanted is not None and not 0 < wanted < 65536:
        raise InputError(f"--port {wanted} is no port", fix="use 1024 to 65535")
    for port in range(FIRST_PORT, LAST_PORT + 1) if wanted is None else (wanted,):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    taken = f"port {wanted} is" if wanted is not None else f"ports {FIRST_PORT} to {LAST_PORT} are"
    raise InputError(f"{taken} taken", fix="choose another with --port, or stop what listens there")


def _front_door() -> Path:
    found = find_spec("app")
    if found is None or not found.origin:
        raise InputError("the module app is not installed", fix="install courtois again")
    return Path(found.origin)
