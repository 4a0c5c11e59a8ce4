"""``courtois train``: fit a bundle from corpora."""

import argparse
import os
from pathlib import Path

from training.cli.progress import say, say_set_aside


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the new bundle"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML file of hyper-parameters")
    parser.add_argument(
        "--corpus",
        action="append",
        metavar="NAME|PATH",
        help="corpus name or labelled file; repeatable (default: those of the shipped bundle)",
    )
    parser.add_argument(
        "--allow-eval",
        action="store_true",
        help="also train on corpora licensed for evaluation only: the bundle must stay on this machine",
    )


def run(args: argparse.Namespace) -> int:
    """Fit and write the bundle; exit 0, or 1 when rows of a labelled file were set aside."""
    # read when numpy is imported: sums in another order would give other bytes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from model.bundle import check_output, save_bundle
    from training.audit.measure import audited
    from training.card import render_card
    from training.config import read_config
    from training.dataset import gather
    from training.fit import train_bundle

    config = read_config(args.config)
    check_output(args.output)
    rows = gather(args.corpus or list(config.corpora), allow_eval=args.allow_eval)
    for rejection in rows.rejections:
        say_set_aside(rejection)
    bundle = train_bundle(rows.comments, rows.corpora, config, say)
    if config.audit:
        bundle = audited(bundle, say)
    manifest = save_bundle(bundle, args.output, render_card(bundle.manifest))
    say(f"wrote {manifest.full_name} to {args.output}")
    return 1 if rows.rejections else 0
