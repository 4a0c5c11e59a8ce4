"""The report as one French HTML page: nothing is fetched, nothing runs, every comment is escaped."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from training.french_numbers import decimal, percent, whole
from training.migration import page_parts as parts
from training.migration.checklist import steps
from training.migration.flips import Example
from training.migration.french import between, day, hours
from training.migration.page_parts import paragraph, table
from training.migration.plots import histogram_plot, hold_plot, map_plot

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1b1b1b}
h2{border-top:3px solid #3a5a8c;padding-top:.6rem;margin-top:2.5rem}
.answer{font-size:1.6rem;font-weight:600;margin:.5rem 0}
.warning{background:#fff1e0;border-left:5px solid #b55300;padding:.4rem 1rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:right}
th[scope=row]{text-align:left;font-weight:400}thead th{background:#f1f4f8}
.plots{display:flex;flex-wrap:wrap;gap:1rem}svg{width:420px;max-width:100%;height:auto}
svg text{font-size:11px;text-anchor:middle}svg .title{font-weight:600;font-size:12px}
svg .left{text-anchor:end}
.frame,.guide,.grid,.old,.new,.mark,.dashed{fill:none}.frame{stroke:#999}.grid{stroke:#e6e6e6}
.guide{stroke:#aaa;stroke-dasharray:4}.old{stroke:#b55300;stroke-width:2}.new{stroke:#3a5a8c;stroke-width:2}
.mark{stroke:#1b1b1b;stroke-dasharray:3}.dashed{stroke-dasharray:5;stroke-width:1}
.band{fill:#3a5a8c;fill-opacity:.2}.bar-all{fill:#9db4d6}.bar-rejected{fill:#b55300;fill-opacity:.7}
blockquote{margin:.8rem 0;padding:.3rem 1rem;border-left:4px solid #9db4d6;white-space:pre-wrap;
overflow-wrap:anywhere}blockquote footer{font-size:13px;color:#555;white-space:normal}
ol.steps{list-style:none;padding:0}ol.steps li{margin:.9rem 0;padding-left:2rem;text-indent:-2rem}
ol.steps small{display:block;text-indent:0;color:#555}
@media print{h2{break-after:avoid}blockquote,li,svg{break-inside:avoid}}
"""

_WAYS: Final = {
    "to_publish": ("Retenus avant, publiés après", "Perspective les retenait, courtois les laisse passer."),
    "to_hold": ("Publiés avant, retenus après", "Perspective les laissait passer, courtois les retient."),
}
_DECISIONS: Final = {
    "approved": "approuvé par un modérateur",
    "rejected": "rejeté par un modérateur",
    "rule": "statut posé par une règle",
    "other_reason": "rejeté pour un autre motif",
    "earlier_revision": "décidé sur une version antérieure",
    "": "sans décision",
}


def render(f: Mapping[str, Any], examples: Mapping[str, Sequence[Example]]) -> str:
    """Write the whole page from the figures and some comments that flip."""
    body = "".join(
        f"<section><h2>{escape(title)}</h2>{content}</section>"
        for title, content in _sections(f, examples)
        if content
    )
    quoted = any(examples.values())
    private = "Ce rapport cite des commentaires de lecteurs : ne pas le publier, ne pas le transmettre."
    made = f"Étude du {day(f['made'])}, modèle {f['bundle']}, attribut {f['attribute']}."
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Quitter Perspective : étude pour Coral</title><style>{_STYLE}</style></head>"
        f"<body><h1>Quitter Perspective : étude pour Coral</h1>{paragraph(made)}"
        f"{paragraph(private, 'warning') if quoted else ''}{body}</body></html>\n"
    )


def _sections(f: Mapping[str, Any], examples: Mapping[str, Sequence[Example]]) -> list[tuple[str, str]]:
    compared = f["old"] is not None
    percents = 100 * f["old"]["threshold"] if compared else 80.0
    return [
        ("En bref", parts.summary(f) + _seen(f)),
        ("Ce que contient l’export", parts.contents(f, f["set_aside"])),
        ("D’un score à l’autre", _plots(f) + (parts.score_map(f) if compared else "")),
        ("Autres seuils possibles", parts.thresholds(f)),
        ("Face aux décisions des modérateurs", parts.decisions(f)),
        ("Charge de lecture", _work(f)),
        ("Ce qui basculerait", _flips(f, examples) if compared else ""),
        ("Ce que ces chiffres ne disent pas", _limits(f)),
        ("À faire dans Coral", _checklist(f, percents)),
    ]


def _seen(f: Mapping[str, Any]) -> str:
    """A warning where Coral's own flags speak of another threshold than the one given."""
    seen = f["threshold_seen"]
    if not seen or seen["highest_free"] - 0.011 <= f["old"]["threshold"] <= seen["lowest_flagged"] + 0.011:
        return ""
    return paragraph(
        "D’après les signalements de Coral, le seuil en place n’était pas (ou pas toujours) de "
        f"{percent(f['old']['threshold'], 0)} : le plus bas score signalé comme toxique est "
        f"{decimal(seen['lowest_flagged'])}, le plus haut non signalé {decimal(seen['highest_free'])}. "
        "Relancer l’étude avec --threshold et le seuil réel.",
        "warning",
    )


def _plots(f: Mapping[str, Any]) -> str:
    new = f["proposal"]["percent"] / 100
    old = f["old"]["threshold"] if f["old"] else None
    drawn = []
    if old is not None:
        drawn += [map_plot(f["map"], old, new), histogram_plot("Perspective", f["histograms"]["old"], old)]
    drawn += [histogram_plot("courtois", f["histograms"]["new"], new), hold_plot(f["curves"], old, new)]
    told = "En orange, dans les histogrammes, les commentaires rejetés par un modérateur. "
    told += "Dans la courbe, Perspective est en orange et courtois en bleu ; tirets : les seuils."
    return f'<div class="plots">{"".join(drawn)}</div>{paragraph(told)}'


def _work(f: Mapping[str, Any]) -> str:
    work = f["work"]
    if work["per_day"] is None:
        told = "L’export n’a pas de dates : la charge est donnée pour 1 000 commentaires. "
        told += "--per-day donne le nombre de commentaires par jour."
    else:
        told = f"En moyenne {whole(work['per_day'])} commentaires notés par jour"
        told += f", sur {whole(work['days'])} jours." if work["days"] else "."
    sides = [work.get("old"), work["new"]]
    rows = [
        ["Retenus pour 1 000", *(between(s and s["per_1000"], whole) for s in sides)],
        ["Retenus par jour", *(between(s and s["held_per_day"], whole) for s in sides)],
        ["Heures par jour", *(between(s and s["hours_per_day"], hours) for s in sides)],
        ["Jour le plus chargé, retenus", *(whole(s and s["fullest_day"]) for s in sides)],
        ["Jour le plus chargé, heures", *(hours(s and s["fullest_hours"]) for s in sides)],
    ]
    pace = (
        f"Cadence retenue : {whole(work['pace'])} commentaires lus par heure. Les signalements de lecteurs "
    )
    pace += "et la prémodération éventuelle s’y ajoutent."
    return paragraph(told) + table(("", "Perspective", "courtois"), rows) + paragraph(pace)


def _flips(f: Mapping[str, Any], examples: Mapping[str, Sequence[Example]]) -> str:
    written = []
    for way, (title, told) in _WAYS.items():
        found = f["flips"][way]
        count = f"{told} {whole(found['comments'])} commentaires, {between(found['share'])} de l’ensemble. "
        count += f"Parmi ceux qu’un modérateur a décidés : {whole(found['rejected'])} rejetés, "
        count += f"{whole(found['approved'])} approuvés."
        written.append(f"<h3>{escape(title)}</h3>{paragraph(count)}")
        written += [_example(example) for example in examples.get(way, ())]
    return "".join(written) + paragraph(f"Liste entière, tirée au sort ci-dessus : {f['list']}.")


def _example(example: Example) -> str:
    scores = f"Perspective {decimal(example.old)}, courtois {decimal(example.new)}"
    tail = f"{scores} – {_DECISIONS[example.decision]} – {example.id[:80]}"
    return f"<blockquote>{escape(example.text)}<footer>{escape(tail)}</footer></blockquote>"


def _limits(f: Mapping[str, Any]) -> str:
    told = [
        "Un auteur averti par Coral que son message paraît toxique et qui renonce ne laisse pas de trace "
        ": ces "
        "brouillons manquent à l’export. Le nombre d’avertissements réels est plus élevé que le nombre de "
        "commentaires retenus.",
        "Coral note aussi chaque modification. L’étude ne compare que la dernière version de chaque "
        "commentaire.",
        "Les intervalles (95 %) tirent au sort des articles entiers. Ils disent l’incertitude due au "
        "nombre de "
        "commentaires, pas celle d’une actualité qui change.",
    ]
    if not f["acts"]:
        told.append(
            "L’export ne contient pas les actions de modération (collection commentModerationActions) : les "
            "décisions sont déduites du seul statut, et certaines peuvent venir d’une règle de Coral. "
            "Ajouter "
            "cette collection à la commande."
        )
    return "".join(paragraph(text) for text in told)


def _checklist(f: Mapping[str, Any], old_percent: float) -> str:
    version = f["bundle"].partition("@")[2]
    listed = "".join(
        f"<li>☐ {escape(step.does)}<small>{escape(step.why)}</small></li>"
        for step in steps(f["proposal"]["percent"], f["attribute"], version, old_percent)
    )
    return f'<ol class="steps">{listed}</ol>'
