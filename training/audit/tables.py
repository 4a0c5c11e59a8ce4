"""What was measured as tables for the docs and the model card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from training.audit.bias import AREAS
from training.report_cells import Section, cell

_BIAS: Final = (
    "The terms of Dixon et al. 2018, Borkan et al. 2019 and Multilingual HateCheck (Röttger et al. 2022) in "
    "French, each in the same {frames} sentences, civil and uncivil (training/audit). Areas after Borkan: "
    "subgroup (rows with the term), BPSN (civil ones with it, uncivil ones without), BNSP (the reverse). "
    "Flagged: neutral sentences that name the group, proposed for review or held; attack: called an "
    "identity attack. (own): on no published list."
)
_WHOLE: Final = (
    "Area of the whole {auc}; largest gap of a published term {gap}; {within} of {published} published terms "
    "within 0.05 on all three areas; neutral sentences flagged {flagged}, called an attack {attack}."
)
_NAMED: Final = (
    "Real comments by the identity words in them: words of at least 30 labelled rows, five of each label."
)
_DISGUISE: Final = (
    "Recall of uncivil comments before and after their words are disguised, at the same threshold; on the "
    "comments that it changes. Offending: words of the lexicons only. Embedded: a fixed sample that may "
    "have trained the bundle."
)
_VIEWS: Final = (
    "Pairs of sentences of one civility and opposite views; the gap is of the probability of incivility, "
    "signed is in favor less against, actions counts pairs that are proposed different actions."
)
_STANCES: Final = (
    "Pairs of one text towards two targets, a target and its opposite, or two parents, and pairs of views "
    "(view). Moved: answered differently; toward: the balance of favor and against moves the right way."
)
_FUNCTIONS: Final = (
    "HateCheck's French cases, never trained on. Macro-F1: incivility {0}, identity attack {1}."
)


def audit_sections(report: Mapping[str, Any]) -> Iterator[Section]:
    """Give one section for each thing measured, in the order of the report."""
    yield _bias(report["bias"])
    rows = [(name, *_cells(row)) for name, terms in report["named"].items() for row in terms]
    if rows:
        columns = ("corpus", "word", "n", "whole", *AREAS)
        yield Section("Bias on real comments", (_NAMED,), columns, tuple(rows))
    losses = [(name, *_cells(row)) for name, kinds in report["obfuscation"].items() for row in kinds]
    columns = ("corpus", "disguise", "words", "n", "recall before", "after", "loss")
    yield Section("Disguise", (_DISGUISE,), columns, tuple(losses))
    yield _grouped("Viewpoint", _VIEWS, report["viewpoint"])
    yield _grouped("Stance pairs", _STANCES, report["stance_pairs"])
    if report["functions"]:
        yield _functions(report["functions"])


def _bias(bias: Mapping[str, Any]) -> Section:
    frames = bias["terms"][0]["n"]
    figures = {"flagged": bias["neutral_flagged"], "attack": bias["neutral_attack"]}
    shown = {
        name: cell(value) for name, value in ({**bias, **figures}).items() if name not in ("terms", "kinds")
    }
    rows = tuple(
        (
            term["term"] if term["published"] else f"{term['term']} (own)",
            *(cell(term[name]) for name in (*AREAS, "neutral_flagged", "neutral_attack")),
        )
        for term in bias["terms"]
    )
    notes = (_BIAS.format(frames=frames), _WHOLE.format(**shown))
    return Section("Bias by identity term", notes, ("term", *AREAS, "flagged", "attack"), rows)


def _functions(found: Mapping[str, Any]) -> Section:
    columns = tuple(found["functions"][0])
    rows = tuple(_cells(row) for row in found["functions"])
    note = _FUNCTIONS.format(*(cell(found["macro_f1"][h]) for h in ("incivility", "identity_attack")))
    return Section("HateCheck", (note,), columns, rows)


def _grouped(title: str, note: str, groups: Mapping[str, Mapping[str, Any]]) -> Section:
    names: Sequence[str] = tuple(next(iter(groups.values())))
    rows = tuple((group, *_cells(values)) for group, values in groups.items())
    return Section(title, (note,), ("pairs", *names), rows)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(cell(value) for value in row.values())
