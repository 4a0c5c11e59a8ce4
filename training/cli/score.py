"""``courtois score``: dumps in, the same rows with their judgements out."""

import argparse
import glob
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.formats import LAYOUTS, STANDARD, format_of, output_format, parse_mapping
from model.batch import IN_PROCESS_ROWS, LOADERS, Factory, cached_scorer, make_chunks, score_chunks
from model.batch_backends import BACKENDS
from model.batch_input import Intake, count_rows
from model.batch_parts import Parts
from model.batch_policy import ruled
from model.batch_repeats import Repeats
from model.batch_sink import Sink, StandardOutput
from model.batch_tally import Tally
from model.installed import resolve
from model.policy_file import policy_text, read_policy
from model.policy_site import SitePolicy
from model.tier import TIERS
from training.cli.score_progress import Progress
from training.cli.score_run import counts, identity, skipping, summary

EPILOG = """\
Rows that cannot be scored (a broken row, an empty text) are written with their line, the reason and
their raw cells to OUT.rejected.jsonl (stdout.rejected.jsonl when the output is stdout).
OUT.manifest.json records counts, digests, bundle and settings. A run that is interrupted keeps its
finished parts in OUT.parts; --resume continues it to the same bytes.
Layouts: coral (stories, then comments), disqus and wordpress (XML), reddit (submissions, then comments).
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
        help="CSV, JSON, JSON Lines or Parquet dump, or an export with --layout, plain or .gz or .zst;"
        " a pattern; - for JSON Lines on stdin",
    )
    parser.add_argument(
        "-o", "--output", default=STANDARD, metavar="OUT", help="output file (default: - for stdout)"
    )
    parser.add_argument(
        "--bundle", type=Path, metavar="DIR", help="model bundle (default: the one installed)"
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="TOML file of the site's rules; adds the column action_reason",
    )
    parser.add_argument("--target", metavar="TEXT", help="stance target of rows that have none")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="column that holds a field, such as text=message; repeatable",
    )
    parser.add_argument(
        "--tier",
        choices=TIERS,
        default="full",
        help="fast: the sentence encoder reads only what the words leave uncertain, other rows have no stance"
        " (default: %(default)s)",
    )
    parser.add_argument("--layout", choices=LAYOUTS, help="the inputs are an export of this platform")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: number of CPUs)")
    parser.add_argument(
        "--backend", choices=BACKENDS, default="loky", help="where they run (default: %(default)s)"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="running Dask scheduler or Ray head, such as tcp://host:8786"
    )
    parser.add_argument("--resume", action="store_true", help="continue an interrupted run where it stopped")
    parser.add_argument("--quiet", action="store_true", help="no progress and no summary, only errors")
    parser.add_argument("--spans", action="store_true", help="fill the column reasons")


def run(args: argparse.Namespace, *, factory: Factory | None = None) -> int:
    """Score the inputs of ``args``; see the module's help for the exit status."""
    _check_options(args)
    factory = factory or LOADERS[args.tier]
    mapping = parse_mapping(args.map)
    paths = expand(args.inputs)
    _check_output(args.output, paths, resume=args.resume)
    total = count_rows(paths, mapping, args.layout)
    site = None if args.policy is None else read_policy(args.policy)
    # Resolved once: a bundle promoted meanwhile must not score the second half.
    bundle = resolve(args.bundle)
    scorer = cached_scorer(factory, bundle)
    intake = Intake(paths, mapping, args.target or None, args.layout)
    repeats, tally = Repeats(), Tally(getattr(scorer, "thresholds", {}))
    small = total is not None and total < IN_PROCESS_ROWS
    settings = _settings(args, mapping, site)

    sink: Sink
    with Progress(total, quiet=args.quiet) as progress:
        if args.output == STANDARD:
            sink = StandardOutput(mapping, tally)
        else:
            known = identity(paths, bundle, scorer.bundle_name, settings)
            sink = Parts(Path(args.output), known, mapping, tally, resume=args.resume)
        try:
            if sink.done:
                progress.note("continuing an interrupted run")
            groups = score_chunks(
                skipping(make_chunks(intake), sink, repeats, progress),
                # Another machine keeps its bundles elsewhere.
                bundle=bundle if args.backend == "loky" else args.bundle,
                spans=args.spans,
                jobs=1 if small else args.jobs,
                backend="loky" if small else args.backend,
                scheduler=args.scheduler,
                factory=factory,
                repeats=repeats,
            )
            for group in ruled(groups, site, tally.thresholds):
                sink.write(group)
                progress.advance(group)
            sink.finish(counts(intake, repeats))
        except BrokenPipeError:
            return 128 + signal.SIGPIPE
        finally:
            if sink.close():
                progress.note(f"finished parts are kept in {args.output}.parts; go on with --resume")
    if not args.quiet:
        tier = getattr(scorer, "tier_figures", {})
        for line in summary(args.output, intake, repeats, tally, progress.rate, tier):
            print(f"courtois score: {line}", file=sys.stderr)
    return 1 if tally.rejected else 0


def _settings(
    args: argparse.Namespace, mapping: Mapping[str, str], site: SitePolicy | None
) -> dict[str, Any]:
    """What the output depends on, beside inputs and bundle; what is not used leaves no trace."""
    settings = {"target": args.target or None, "map": mapping, "layout": args.layout, "spans": args.spans}
    if args.tier != "full":
        settings |= {"tier": args.tier}
    return settings if site is None else settings | {"policy": policy_text(site)}


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


def _check_options(args: argparse.Namespace) -> None:
    if args.jobs is not None and args.jobs < 1:
        raise InputError(f"{args.jobs} is no number of processes", where="--jobs", fix="use 1 or more")
    if args.scheduler and args.backend == "loky":
        raise InputError("needs a cluster", where="--scheduler", fix="add --backend dask or --backend ray")
    if args.spans and args.tier == "fast":
        raise InputError("the fast tier has no reasons", where="--spans", fix="leave out --tier fast")


def _check_output(output: str, paths: Sequence[str], *, resume: bool) -> None:
    form = output_format(output)
    if resume and (output == STANDARD or STANDARD in paths):
        raise InputError("stdin and stdout cannot be resumed", where="--resume", fix="name files")
    for path in paths:
        format_of(path)
        if STANDARD not in (path, output) and Path(output).exists() and Path(path).exists():
            same = Path(path).samefile(output)
            if same:
                raise InputError("is also an input", where=output, fix=f"choose another {form.kind} file")
