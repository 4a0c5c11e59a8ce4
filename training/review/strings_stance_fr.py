"""French texts of the page *Positions*."""

from typing import Final

STANCE: Final = {
    "page.stance": "Positions",
    "stances.intro": "Ce que les commentaires soutiennent, et comment ils le disent : deux choses "
    "distinctes. Une position n’est jamais un motif de modération.",
    "stances.none": "Aucun commentaire avec une position : il faut une cible ou un titre d’article.",
    "stances.target": "Article et cible",
    "stances.choice": "{title} — cible : {target} ({n})",
    "stances.choice.same": "{target} ({n})",
    "stances.counted": "{n} commentaire{s} : {said} avec une position donnée par une personne, "
    "{predicted} estimés par le modèle ; gravité : {said_severity} données, {predicted_severity} estimées.",
    "stances.most": "Les {n} plus anciens seulement sont comptés.",
    "stances.over_time": "Positions par jour",
    "stances.severity_over_time": "Gravité par jour",
    "stances.table": "Gravité selon la position : des parts semblables disent que l’incivilité "
    "ne dépend pas du camp",
    "stances.day": "Jour (UTC)",
    "stances.stance": "Position",
    "stances.severity": "Gravité",
    "stances.count": "Commentaires",
    "stances.uncivil": "Incivils ou intolérables",
    "stances.share": "Part",
    "stances.interval": "Intervalle à 95 %",
    "stances.choose": "Cliquez sur une barre, ou choisissez ci-dessous, pour lire les "
    "commentaires qui la font.",
    "stances.any.day": "Tous",
    "stances.any.stance": "Toutes",
    "stances.list": "{n} commentaire{s}, les plus graves d’abord",
    "stances.page": "Page (sur {pages})",
    "stances.list.none": "Aucun commentaire pour ce choix.",
    "stances.said": "position donnée par une personne : {stance}",
    "stances.predicted": "position estimée : {stance}",
}
"""By key, with ``{names}`` to fill in."""
