"""``courtois labels next``: what to label next, onto the store's list and into a file."""

import argparse
import sys
from collections import Counter
from dataclasses import replace

from data.errors import InputError
from data.exchange import export_exchange
from data.record import Comment
from data.store import Store

MOST = 10_000
"""Longest list: a longer one would be stale before its end."""


def list_next(args: argparse.Namespace) -> int:
    """Choose, list in the store, write."""
    if not 1 <= args.count <= MOST:
        raise InputError(f"-n {args.count} is no length of a list", fix=f"use 1 to {MOST}")
    for name in ("blind_share", "reread_share"):
        if not 0 <= getattr(args, name) <= 1:
            raise InputError(
                f"{getattr(args, name)} is no share", where=f"--{name.replace('_', '-')}", fix="use 0 to 1"
            )
    from model.bundle import load_bundle
    from model.installed import resolve
    from training.select import Pick, known_labels, lot, pick, second_readings

    def written(one: Pick) -> Comment:
        # not why it was chosen: annotators are not to know what the model thinks
        sampling = "blind" if one.reason == "blind" else "active"
        return replace(one.comment, extra={**one.comment.extra, "sampling": sampling})

    with Store.open(args.store, must_exist=True) as store:
        bundle = load_bundle(resolve(args.bundle))
        labelled = list(store.labelled())
        picks = pick(
            store.pool,
            bundle,
            known_labels(labelled),
            (comment.text for comment in labelled),
            count=args.count,
            blind_share=args.blind_share,
            seed=args.seed,
        )
        if not picks:
            raise InputError(
                "no scored comment without a label or a place on the list",
                where=store.where,
                fix="score a dump into it with courtois review --dump FILE, or label what is listed already",
            )
        blind = {comment.id for comment in labelled if comment.drawn_blind}
        again = second_readings(store.read_once(), round(args.count * args.reread_share), args.seed, blind)
        comments = [written(one) for one in picks]
        export_exchange(lambda: comments, args.output, form=args.format, keep_all=True)
        drafts = [*(one.draft for one in picks), *again]
        store.list_tasks(sorted(drafts, key=lambda draft: lot(args.seed + 1, draft.comment_id)))
    reasons = Counter(one.reason for one in picks)
    told = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
    print(
        f"courtois labels: {len(picks)} comments to label ({told}), {len(again)} to read again",
        file=sys.stderr,
    )
    return 0
