"""One scoring run: what it is made of, what it skips, and what it says at its end."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from data.formats import STANDARD
from data.taxonomy import ACTIONS, SEVERITIES, SUBTYPES
from model.batch_chunks import Chunk, Scored
from model.batch_input import Intake
from model.batch_record import input_digest, manifest_path
from model.batch_repeats import Repeats
from model.batch_sink import Sink, rejected_path
from model.batch_tally import Tally, sparkline
from training.cli.score_progress import Progress


def identity(
    paths: Sequence[str], bundle: Path, bundle_name: str, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything that decides the output's bytes; the number of jobs does not."""
    manifest = bundle / "manifest.json"
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else None
    return {
        "inputs": [input_digest(path) for path in paths if path != STANDARD],
        "bundle": {"name": bundle_name, "manifest_sha256": digest},
        "settings": dict(settings),
    }


def skipping(chunks: Iterator[Chunk], sink: Sink, repeats: Repeats, progress: Progress) -> Iterator[Chunk]:
    """Read what is committed without scoring it: later replies and repeated comments refer to it."""
    done, committed = sink.done, sink.committed()
    for chunk in chunks:
        if chunk.index >= done:
            yield chunk
            continue
        columns = [dict(row) for row in islice(committed, len(chunk.comments))]
        repeats.replay(chunk, columns)
        progress.skip(Scored(chunk, columns))


def counts(intake: Intake, repeats: Repeats) -> dict[str, int]:
    """What reading counted, for the manifest."""
    return {
        "rows": intake.rows,
        "duplicate_ids": intake.duplicate_ids,
        "repeated_comments": repeats.repeated,
        "threads_forgotten": intake.untitled,
    }


def summary(
    output: str,
    intake: Intake,
    repeats: Repeats,
    tally: Tally,
    rate: float,
    tier: Mapping[str, Any],
) -> list[str]:
    """Lines for people; ``tier`` holds the held-out figures of a faster tier."""
    lines = [
        f"{intake.rows:,} rows in, {tally.scored:,} scored, {tally.rejected:,} set aside, {rate:,.0f} rows/s"
    ]
    if tally.scored:
        shares = (f"{action} {tally.actions[action] / tally.scored:.1%}" for action in ACTIONS)
        lines.append("proposed: " + ", ".join(shares))
        levels = (f"{name} {tally.severities[level]:,}" for level, name in enumerate(SEVERITIES))
        lines.append("severity: " + ", ".join(levels))
        lines.append("subtypes: " + ", ".join(f"{name} {tally.subtypes[name]:,}" for name in SUBTYPES))
        if tally.stances:
            lines.append("stance: " + ", ".join(f"{s} {n:,}" for s, n in sorted(tally.stances.items())))
        lines.append(f"incivility: 0 |{sparkline(tally.histogram)}| 1")
    if tally.scored and tier:
        loss = tier.get("auc_loss")
        lines.append(
            f"fast tier: the encoder read {1 - tally.fast / tally.scored:.1%} of the rows; held out,"
            f" {tier['actions_differ']:.1%} of actions differ from the full tier's"
            + (f" and the AUC is lower by {loss}" if loss is not None else "")
        )
    if repeats.repeated:
        lines.append(f"{repeats.repeated:,} rows repeat a comment scored before them")
    if intake.duplicate_ids:
        lines.append(f"{intake.duplicate_ids:,} rows repeat an id of their dump; all were kept")
    if intake.untitled:
        lines.append(f"{intake.untitled:,} rows may lack their thread's title: it was read too long before")
    if tally.rejected:
        lines.append(f"rows set aside are in {rejected_path(output)}")
    if output != STANDARD:
        lines.append(f"counts, digests and settings are in {manifest_path(Path(output))}")
    return lines
