"""``courtois evaluate``: measure a bundle on labelled corpora."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from data.errors import InputError
from data.formats import STANDARD, parse_mapping
from model.tier import TIERS
from training.cli.progress import say

if TYPE_CHECKING:
    from model.scorer import Scorer
    from training.evaluation import Corpus

EPILOG: Final = """\
A corpus is a name of the registry (docs/corpora.md) or a labelled CSV, JSON Lines or Parquet file
with the record's columns. Rows that cannot be read are counted, named on stderr and not measured.
Texts that also stand in the bundle's training corpora are counted, and the figures given again
without them.

JSON: one object a corpus (a list of them for several): corpus, n, and under the name of each head
that the corpus labels, and again under heads, auc, average_precision, accuracy, macro_f1,
precision, recall, ece, brier, threshold, ci95 (figure to [low, high]) and support. Undefined
figures are null; an interval of the threshold is the threshold, which is the bundle's. Stance is
the likeliest of three: macro figures over the stances that the corpus has, no threshold.
Intervals resample threads (or authors, or texts with the same opening), 1,000 times.

exit status: 0 measured; 2 input or options that cannot be used
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``courtois evaluate``."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "--corpus",
        action="append",
        required=True,
        metavar="NAME|PATH",
        help="corpus name or labelled file; repeatable",
    )
    parser.add_argument(
        "--bundle", type=Path, metavar="DIR", help="model bundle (default: the one installed)"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the figures; - for stdout instead of the report"
    )
    parser.add_argument(
        "--report", type=Path, metavar="FOLDER", help="write report.json, report.md and report.html there"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="column of a file that holds a field, such as text=message; repeatable",
    )
    parser.add_argument(
        "--tier",
        choices=TIERS,
        default="full",
        help="fast: measure the fast tier, and what it costs against the full one (default: full)",
    )


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 0 when every corpus was measured."""
    from model.scorer import Scorer
    from training.report import dumps, write_report, write_text
    from training.report_markdown import render_markdown
    from training.report_sources import open_corpus

    mapping = parse_mapping(args.map)
    if args.report is not None and args.report.exists() and not args.report.is_dir():
        raise InputError("is no folder", where=str(args.report), fix="name a folder for --report")
    corpora = [open_corpus(source, mapping=mapping) for source in dict.fromkeys(args.corpus)]
    for corpus in corpora:
        for line in corpus.warnings:
            print(f"courtois evaluate: {line}", file=sys.stderr)
    scorer = Scorer.load(args.bundle, tier=args.tier)
    full = Scorer(scorer.bundle) if args.tier == "fast" else None
    reports = [measured(corpus.corpus, scorer, full) for corpus in corpora]
    if args.report is not None:
        write_report(reports, args.report)
        say(f"wrote {args.report / 'report.html'}")
    if args.json == STANDARD:
        print(dumps(reports), end="")
        return 0
    if args.json:
        write_text(Path(args.json), dumps(reports))
    print(render_markdown(reports), end="")
    return 0


def measured(corpus: "Corpus", scorer: "Scorer", full: "Scorer | None" = None) -> dict[str, Any]:
    """Measure one corpus with everything known of it: leaks, peers and held-out figures.

    ``full`` is the full tier's scorer where ``scorer`` is the fast tier's.
    """
    from training.evaluation import evaluate
    from training.report_leaks import find_leaks
    from training.report_sources import peers_of

    manifest = scorer.bundle.manifest
    leaks = find_leaks(corpus.name, corpus.comments, manifest.corpora, digest=corpus.digest)
    if leaks.in_sample:
        _warn(f"{corpus.name}: the bundle was trained on this corpus; figures on it are no quality")
    elif leaks.seen.any():
        _warn(f"{corpus.name}: {leaks.seen.sum()} texts were in the bundle's training corpora")
    say(f"scoring {len(corpus.comments)} comments of {corpus.name}{' in both tiers' if full else ''}")
    total = len(corpus.comments) * (2 if full else 1)
    with tqdm(total=total, disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def judged(count: int) -> None:
            bar.update(count - bar.n)

        return evaluate(
            corpus,
            scorer,
            full=full,
            leaks=leaks,
            peers=peers_of(corpus.name),
            heldout=manifest.metrics.get("heldout"),
            progress=judged,
        )


def _warn(message: str) -> None:
    print(f"courtois evaluate: WARNING: {message}", file=sys.stderr)
