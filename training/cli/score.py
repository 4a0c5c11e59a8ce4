"""``courtois score``: dumps in, the same rows with their judgements out."""

import argparse
import glob
import hashlib
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats import STANDARD, format_of, parse_mapping
from data.taxonomy import ACTIONS
from model.batch import (
    IN_PROCESS_ROWS,
    BatchScorer,
    Chunk,
    Factory,
    cached_scorer,
    load_scorer,
    make_chunks,
    score_chunks,
    usable_cpus,
)
from model.batch_backends import BACKENDS
from model.batch_input import Intake, count_rows
from model.batch_parts import Parts, input_digest
from model.batch_sink import Sink, StandardOutput, Tally, rejected_path
from model.installed import SHIPPED, resolve
from training.cli.score_progress import Progress

EPILOG = """\
Rows that cannot be scored (a broken row, an empty text) are written with their line, the reason and
their raw cells to OUT.rejected.jsonl (stdout.rejected.jsonl when the output is stdout).
A parent comment is found by parent_id among the 20,000 comments before the reply.
Input columns that scoring also writes are kept as input_NAME. In CSV output, text that a
spreadsheet would run as a formula (=, +, -, @, tab) starts with an apostrophe.

exit status: 0 all rows scored; 1 some rows set aside; 2 input or options that cannot be used
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``courtois score``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="CSV, JSON Lines or Parquet dump, plain or .gz or .zst; a pattern; - for JSON Lines on stdin",
    )
    parser.add_argument(
        "-o", "--output", default=STANDARD, metavar="OUT", help="output file (default: - for stdout)"
    )
    parser.add_argument(
        "--bundle", type=Path, metavar="DIR", help="model bundle (default: the one installed)"
    )
    parser.add_argument("--target", metavar="TEXT", help="stance target of rows that have none")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="column that holds a field, such as text=message; repeatable",
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: number of CPUs)")
    parser.add_argument(
        "--backend", choices=BACKENDS, default="loky", help="where they run (default: %(default)s)"
    )
    parser.add_argument("--resume", action="store_true", help="keep finished parts, and continue from them")
    parser.add_argument("--spans", action="store_true", help="fill the column reasons")


def run(args: argparse.Namespace, *, factory: Factory = load_scorer) -> int:
    """Score the inputs of ``args``; see the module's help for the exit status."""
    if args.jobs is not None and args.jobs < 1:
        raise InputError(f"{args.jobs} is no number of processes", where="--jobs", fix="use 1 or more")
    mapping = parse_mapping(args.map)
    paths = expand(args.inputs)
    _check_output(args.output, paths, resume=args.resume)
    total = count_rows(paths, mapping)
    if (chosen := resolve(args.bundle)) != SHIPPED:  # once: a promotion meanwhile must not mix bundles
        args.bundle = chosen
    scorer = cached_scorer(factory, args.bundle)
    intake = Intake(paths, mapping, args.target or None)
    jobs = 1 if total is not None and total < IN_PROCESS_ROWS else args.jobs or usable_cpus()

    sink: Sink
    with Progress(total) as progress:
        if args.output == STANDARD:
            sink = StandardOutput(mapping)
        else:
            sink = Parts(
                Path(args.output), _identity(args, paths, mapping, scorer), mapping, resume=args.resume
            )
        try:
            if sink.done:
                progress.note("continuing an interrupted run")
            groups = score_chunks(
                _skipping(make_chunks(intake), sink.done, progress),
                bundle=args.bundle,
                spans=args.spans,
                jobs=jobs,
                backend=args.backend,
                factory=factory,
            )
            for group in groups:
                sink.write(group)
                progress.advance(group)
            tally = sink.finish()
        except BrokenPipeError:
            return 128 + signal.SIGPIPE
        finally:
            if not args.resume:
                sink.discard()
    _summary(args.output, intake, tally, progress.rate)
    return 1 if tally.rejected else 0


def expand(inputs: Sequence[str]) -> list[str]:
    """Expand patterns that the shell has not; the order is kept.

    Raises
    ------
    InputError
        For a pattern without files, or stdin named twice.
    """
    paths: list[str] = []
    for name in inputs:
        if name != STANDARD and not Path(name).exists() and glob.has_magic(name):
            found = sorted(glob.glob(name, recursive=True))
            if not found:
                raise InputError("no file matches", where=name)
            paths += found
        else:
            paths.append(name)
    if paths.count(STANDARD) > 1:
        raise InputError("stdin is named twice", where=STANDARD)
    return paths


def _check_output(output: str, paths: Sequence[str], *, resume: bool) -> None:
    form = format_of(output)
    if resume and (output == STANDARD or STANDARD in paths):
        raise InputError("stdin and stdout cannot be resumed", where="--resume", fix="name files")
    for path in paths:
        format_of(path)
        if STANDARD not in (path, output) and Path(output).exists() and Path(path).exists():
            same = Path(path).samefile(output)
            if same:
                raise InputError("is also an input", where=output, fix=f"choose another {form.kind} file")


def _identity(
    args: argparse.Namespace, paths: Sequence[str], mapping: dict[str, str], scorer: BatchScorer
) -> dict[str, Any]:
    """Everything that decides the output's bytes; the number of jobs does not."""
    manifest = resolve(args.bundle) / "manifest.json"
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else None
    return {
        "inputs": [input_digest(path) for path in paths if path != STANDARD],
        "bundle": {"name": scorer.bundle_name, "manifest_sha256": digest},
        "settings": {"target": args.target or None, "map": mapping, "spans": args.spans},
    }


def _skipping(chunks: Iterator[Chunk], done: int, progress: Progress) -> Iterator[Chunk]:
    """Read what is committed without scoring it: later replies may refer to it."""
    for chunk in chunks:
        if chunk.index >= done:
            yield chunk
        else:
            progress.skip(chunk)


def _summary(output: str, intake: Intake, tally: Tally, rate: float) -> None:
    lines = [
        f"{intake.rows:,} rows in, {tally.scored:,} scored, {tally.rejected:,} set aside, {rate:,.0f} rows/s"
    ]
    if tally.scored:
        shares = (f"{action} {tally.actions[action] / tally.scored:.1%}" for action in ACTIONS)
        lines.append("proposed: " + ", ".join(shares))
    if intake.duplicate_ids:
        lines.append(f"{intake.duplicate_ids:,} rows repeat an id of their dump; all were kept")
    if tally.rejected:
        lines.append(f"rows set aside are in {rejected_path(output)}")
    for line in lines:
        print(f"courtois score: {line}", file=sys.stderr)
