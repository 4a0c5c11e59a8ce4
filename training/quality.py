"""``make quality``: measure the shipped bundle on every corpus that is here, and write it down.

``python -m training.quality`` prints the table, and as its last line one JSON object: ``bundle``;
``corpora``, by name ``n``, ``in_sample``, ``seen`` (texts that also trained the bundle; the figures
leave them out) and ``heads`` as ``courtois evaluate`` gives them; ``heldout``, the manifest's
out-of-fold figures; ``comparison`` with other systems; ``audit``, what ``training.audit`` measures of
bias, disguise, viewpoint and stance pairs; ``absent`` corpora. The same object goes to
``bench/out/quality.json``, the tables to ``docs/quality.md`` and between the README's marks.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from data.corpora import corpus_names, spec
from data.corpora.source import local_file
from data.errors import CourtoisError, InputError
from data.record import Comment
from model.scorer import Scorer
from training.audit.functions import CORPUS as FUNCTIONS
from training.audit.measure import audit
from training.cli.evaluate import measured
from training.cli.progress import say
from training.report import write_text
from training.report_quality import fill, quality_text, readme_text
from training.report_sources import open_corpus

ROOT: Final = Path(__file__).resolve().parent.parent


def measure_all(scorer: Scorer, names: Sequence[str]) -> dict[str, Any]:
    """Measure on each corpus of ``names`` that is on this machine and did not train the bundle."""
    manifest = scorer.bundle.manifest
    trained = {str(corpus.get("name")) for corpus in manifest.corpora}
    quality: dict[str, Any] = {
        "bundle": scorer.bundle_name,
        "corpora": {},
        "heldout": dict(manifest.metrics.get("heldout", {})),
        "comparison": None,
        "absent": [],
    }
    for name in names:
        if not present(name):
            quality["absent"].append(name)
        elif name in trained:
            say(f"{name} trained the bundle: its held-out figures stand in the manifest")
            quality["corpora"][name] = {
                "n": len(open_corpus(name).corpus.comments),
                "in_sample": True,
                "seen": 0,
            }
        else:
            report = measured(open_corpus(name).corpus, scorer)
            quality["corpora"][name] = _entry(report)
            quality["comparison"] = report.get("comparison") or quality["comparison"]
    quality["audit"] = audit(scorer, say, _real(names, trained))
    return quality


def _real(names: Sequence[str], trained: set[str]) -> dict[str, list[Comment]]:
    """Comments labelled civil and uncivil, of corpora that did not train the bundle."""
    chosen = [n for n in names if n not in trained and n != FUNCTIONS and present(n)]
    rows = {n: [c for c in open_corpus(n).corpus.comments if c.labels.uncivil is not None] for n in chosen}
    return {name: comments for name, comments in rows.items() if comments}


def _entry(report: dict[str, Any]) -> dict[str, Any]:
    """Give what the table needs; without the texts that the bundle has seen, where there are any."""
    clean = report.get("without_leaks") or report
    seen = report["leaks"]["seen"]
    return {"n": clean["n"], "in_sample": False, "seen": seen, "heads": clean["heads"]}


def labelled_corpora() -> list[str]:
    """Names of the registry's corpora that carry labels."""
    return [name for name in corpus_names() if spec(name).labels]


def present(name: str) -> bool:
    """Whether a corpus is on this machine; the hub is not asked."""
    known = spec(name)
    files = [file for file in (known.file, known.relabelled) if file]
    return all(local_file(known, file, None) is not None for file in files)


def write_all(quality: dict[str, Any], root: Path) -> list[Path]:
    """Write the JSON, the page of the docs and the README's part under ``root``; give what was written."""
    written = [root / "bench" / "out" / "quality.json", root / "docs" / "quality.md"]
    write_text(written[0], json.dumps(quality, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    write_text(written[1], quality_text(quality))
    readme = root / "README.md"
    page = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    filled = fill(page, readme_text(quality))
    if filled is None:
        say("README.md has no quality marks: left as it is")
    elif filled != page:
        write_text(readme, filled)
        written.append(readme)
    return written


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; 2 with one line on stderr when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m training.quality", description="Measure the bundle.")
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="bundle (default: the one shipped)")
    parser.add_argument("--corpus", action="append", metavar="NAME", help="only these corpora; repeatable")
    parser.add_argument(
        "--root", type=Path, default=ROOT, metavar="DIR", help="where to write (default: the checkout)"
    )
    args = parser.parse_args(argv)
    try:
        if not (args.root / "pyproject.toml").is_file():
            raise InputError(
                "is no checkout", where=str(args.root), fix="run it in the checkout, or give --root"
            )
        quality = measure_all(Scorer.load(args.bundle), args.corpus or labelled_corpora())
        for path in write_all(quality, args.root):
            say(f"wrote {path}")
    except CourtoisError as error:
        print(f"quality: {error}", file=sys.stderr)
        return 2
    print(quality_text(quality))
    print(json.dumps(quality, ensure_ascii=False, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
