"""Agreement of the two readings of the embedded corpus: ``python -m training.double_reading``.

``data/corpus/double_reading.tsv`` keeps what each of two readers said of the same comments, the
second without seeing the first's labels; the corpus holds what a third reading settled.
"""

import csv
from importlib.resources import files
from io import StringIO

from data.record import Comment, parse_labels
from data.taxonomy import SUBTYPES
from training.agreement import between

_LABELS = ("incivility", "severity", *SUBTYPES, "stance")


def double_readings() -> list[Comment]:
    """Both readings of each comment, without its text."""
    content = files("data").joinpath("corpus/double_reading.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(StringIO(content), delimiter="\t")
    return [
        Comment(text=row["id"], id=row["id"], labels=parse_labels(row), labelled_by=row["reader"])
        for row in rows
    ]


def agreement_table() -> str:
    """Krippendorff's alpha with its 95 % interval and the share of same labels, as Markdown."""
    by_label = {found.label: found for found in between(double_readings())}
    lines = [
        "| label | comments | same label | Krippendorff's alpha [95 %] |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name in _LABELS:
        found = by_label[name]
        low, high = found.alpha_ci95 or (float("nan"), float("nan"))
        lines.append(
            f"| {name} | {found.comments} | {found.same:.3f} | {found.alpha:.3f} [{low:.3f}, {high:.3f}] |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(agreement_table())
