"""Paragraphs and tables of the report's sections, in French, from the figures; all text is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from training.french_numbers import NOTHING, decimal, percent, whole
from training.migration.french import between, day, hours
from training.migration.thresholds import FEW, FEWEST

_INSTEAD: Final = {
    "no_scores": "L’export ne contient pas de score de Perspective : il n’y a pas de rappel à conserver. "
    "Le seuil proposé garde donc la part retenue demandée.",
    "few_rejected": f"Moins de {FEWEST} commentaires comparables ont été rejetés par un modérateur : on ne "
    "peut rien dire du rappel. Le seuil proposé garde donc la part retenue.",
    "old_found_none": "Aucun des commentaires rejetés n’était au-dessus de l’ancien seuil : il n’y a pas de "
    "rappel à conserver. Le seuil proposé garde donc la part retenue.",
}


def paragraph(text: str, kind: str = "") -> str:
    """Escape one paragraph."""
    return f"<p{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{escape(text)}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Escape a table whose first column names the row."""
    first = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table></div>'


def summary(f: Mapping[str, Any]) -> str:
    """The proposal in a few sentences."""
    proposal, work = f["proposal"], f["work"]
    kept = "la même part de commentaires retenus" if proposal["keep"] == "hold-rate" else "le même rappel"
    if proposal["keep"] == "hold-rate" and f["old"] is None:
        kept = "la part de commentaires retenus demandée"
    lines = [
        paragraph(f"Seuil à saisir dans Coral : {proposal['percent']} %", "answer"),
        paragraph(
            f"C’est le pourcent entier qui garde au mieux {kept} "
            f"({percent(proposal['target']['value'])}). Seuil exact : {_exact(proposal['exact'])}."
        ),
    ]
    if proposal["instead"]:
        lines.append(paragraph(_INSTEAD[proposal["instead"]], "warning"))
    rows = [["Commentaires retenus", between(f["old"] and f["old"]["held"]), between(f["new"]["held"])]]
    hours = [_hours(work.get(side)) for side in ("old", "new")]
    rows.append([f"Lecture, heures par jour (à {decimal(work['pace'], 0)} par heure)", *hours])
    if f["decisions"]["rejected"] >= FEWEST:
        old = f["old"] and f["old"]["recall"]
        rows.append(
            ["Rappel : rejetés par un modérateur et retenus", between(old), between(f["new"]["recall"])]
        )
    before = "–" if f["old"] is None else f"Perspective à {percent(f['old']['threshold'], 0)}"
    lines.append(table(["", before, f"courtois à {proposal['percent']} %"], rows))
    missed = abs((f["new"]["held"]["value"] or 0) - (proposal["target"]["value"] or 0))
    if proposal["keep"] == "hold-rate" and missed > 0.1 * (proposal["target"]["value"] or 1):
        lines.append(
            paragraph(
                "Le formulaire de Coral ne connaît que des pourcents entiers : celui-ci retient "
                f"{percent(f['new']['held']['value'])} au lieu de {percent(proposal['target']['value'])}. "
                "Un attribut plus sévère, dont les scores montent moins haut, s’ajuste parfois mieux : "
                "relancer l’étude avec --attribute SEVERE_TOXICITY, ou accepter cette charge.",
                "warning",
            )
        )
    return "".join(lines)


def _exact(exact: Mapping[str, float | None]) -> str:
    return between(exact, lambda value: decimal(value, 3))


def _hours(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return NOTHING
    return between(side["hours_per_day"], hours)


def contents(f: Mapping[str, Any], set_aside: int) -> str:
    """What was read, and what was left out of the comparison."""
    e = f["export"]
    decided, statuses = e["decided"], e["statuses"]
    unexplained = e["never_scored"] - e["never_scored_staff"] - e["never_scored_banned"]
    rows = [
        ("Commentaires, chacun compté une fois, dans sa dernière version", e["comments"]),
        ("– comparés : notés par Perspective et par courtois", e["compared"]),
        ("– jamais notés par Perspective, auteur de la maison", e["never_scored_staff"]),
        ("– jamais notés, mot interdit trouvé avant", e["never_scored_banned"]),
        ("– jamais notés, autre cause (délai dépassé, panne, filtre éteint)", unexplained),
        ("– notés par un autre modèle de Perspective", e["other_model"]),
        ("– supprimés", e["deleted"]),
        ("– sans texte", e["empty"]),
        ("– trop longs pour être notés (plus de 20 480 octets)", e["too_long"]),
        ("Modifiés par leur auteur après publication", e["edited"]),
        ("Lignes mises de côté, illisibles (set_aside.jsonl)", set_aside),
        ("Approuvés par un modérateur", decided["approved"]),
        ("Rejetés par un modérateur", decided["rejected"]),
        (
            "Rejetés pour un autre motif (spam, publicité, hors sujet, fausse information)",
            decided["other_reason"],
        ),
        ("Statut posé par une règle ou à la publication : écarté", decided["rule"]),
        ("Décidés sur une version antérieure du texte : écartés", decided["earlier_revision"]),
        ("En attente ou retenus, sans décision", statuses["PREMOD"] + statuses["SYSTEM_WITHHELD"]),
    ]
    period = f"Du {day(e['first'])} au {day(e['last'])}." if e["first"] is not None else "Export sans dates."
    return paragraph(period) + table(["", "nombre"], [(name, whole(n)) for name, n in rows])


def score_map(f: Mapping[str, Any]) -> str:
    """Table of the map from old to new scores."""
    rows = [
        (decimal(p["old"]), percent(p["share"]), between(p["new"], lambda value: decimal(value, 3)))
        for p in f["map"]
    ]
    told = paragraph(
        "À chaque score de Perspective correspond le score de courtois au-dessus duquel se trouve la même "
        "part "
        "des commentaires (entre parenthèses, intervalle à 95 %). La correspondance vaut pour des seuils, "
        "pas "
        f"pour un commentaire : les deux classements diffèrent (corrélation des rangs : "
        f"{decimal(f['rank_correlation'])})."
    )
    return told + table(["Perspective", "part au-dessus", "courtois"], rows)


def thresholds(f: Mapping[str, Any]) -> str:
    """What other thresholds would do."""
    work, proposed = f["work"], f["proposal"]["percent"]
    rows = []
    for row in f["table"]:
        held = row["held"]["value"]
        load = None if not work["per_day"] else held * work["per_day"] / work["pace"]
        name = f"{row['percent']} %" + (" (proposé)" if row["percent"] == proposed else "")
        recall = between(row["recall"]) if f["decisions"]["rejected"] >= FEWEST else NOTHING
        wrong = percent(row["wrong"]["value"]) if f["decisions"]["approved"] >= FEWEST else NOTHING
        rows.append((name, between(row["held"]), hours(load), recall, wrong))
    head = ("seuil de courtois", "part retenue", "heures par jour", "rappel", "approuvés retenus")
    return table(head, rows)


def decisions(f: Mapping[str, Any]) -> str:
    """Both scores against what moderators decided, or why nothing can be said."""
    d = f["decisions"]
    good, bad = d["approved"], d["rejected"]
    told = [paragraph(f"Décisions qui comptent : {whole(bad)} rejets et {whole(good)} approbations.")]
    if bad < FEWEST:
        told.append(paragraph(f"Avec moins de {FEWEST} rejets, le rappel ne se mesure pas.", "warning"))
    elif bad < FEW:
        told.append(paragraph("Peu de rejets : lire les intervalles avant les chiffres.", "warning"))
    if good < FEWEST:
        told.append(
            paragraph(
                f"Avec moins de {FEWEST} approbations, on ne peut pas dire combien de commentaires "
                f"admissibles "
                "seraient retenus à tort, ni lequel des deux scores classe mieux.",
                "warning",
            )
        )
    old = f["old"]
    rows: list[tuple[str, ...]] = []
    if bad >= FEWEST:
        rows.append(
            ("Rejetés et retenus (rappel)", between(old and old["recall"]), between(f["new"]["recall"]))
        )
    if good >= FEWEST:
        rows.append(("Approuvés et retenus", between(old and old["wrong"]), between(f["new"]["wrong"])))
    if min(good, bad) >= FEWEST:
        auc = [between(d[name], lambda value: decimal(value, 3)) for name in ("auc_old", "auc_new")]
        rows.append(("Classement (AUC : 0,5 au hasard, 1 parfait)", *auc))
    if rows:
        told.append(table(("", "Perspective", "courtois"), rows))
    told.append(
        paragraph(
            "Ces décisions ne sont pas un échantillon neutre : les modérateurs ont surtout lu ce que "
            "Perspective "
            "avait retenu ou qu’un lecteur avait signalé, et ils voyaient son score. Ce que Perspective "
            "laissait "
            "passer sans que personne ne le signale n’est pas compté. Le rappel de Perspective est donc "
            "surestimé, et la comparaison lui est favorable."
        )
    )
    return "".join(told)


__all__ = ["contents", "decisions", "paragraph", "score_map", "summary", "table", "thresholds"]
