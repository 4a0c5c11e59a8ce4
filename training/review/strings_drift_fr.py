"""French texts of the page *Dérive*."""

from typing import Final

DRIFT: Final = {
    "page.drift": "Dérive",
    "drift.intro": "Le modèle convient-il encore aux commentaires d’aujourd’hui ? Ce qui arrive est comparé "
    "aux premiers commentaires que le modèle a scorés, et ses probabilités à ce que vous avez répondu.",
    "drift.none": "Aucun commentaire scoré : il n’y a rien à surveiller.",
    "drift.again": "Mesurer à nouveau",
    "drift.measured": "Mesuré le {when}, sur les {n} derniers commentaires scorés au plus.",
    "drift.measuring": "Lecture des commentaires…",
    "drift.period": "Mesurer",
    "drift.period.day": "par jour",
    "drift.period.week": "par semaine",
    "drift.bundle": "Modèle",
    "drift.counted": "{n} commentaire{s} · lus par une personne : {decided}, dont à l’aveugle : {blind}",
    "drift.on": "{day}",
    "drift.on.week": "semaine du {day}",
    "drift.waiting": "Les {fewest} premiers commentaires servent de référence, et il y en a {n} : "
    "pas encore d’alarme sur ce qui arrive.",
    "drift.basis.blind": "Étalonnage : écart moyen de {ece} (le hasard seul donnerait jusqu’à {chance}), "
    "mesuré sur {n} lectures à l’aveugle, tirées au sort et faites sans voir les scores. Cette estimation "
    "n’est pas biaisée.",
    "drift.basis.decided": "Étalonnage : écart moyen de {ece} (le hasard seul donnerait jusqu’à {chance}), "
    "estimation biaisée. Lectures à l’aveugle : {n}, il en faut {fewest} ; les autres réponses "
    "ont été données avec le score sous les yeux, et penchent vers lui. Faites des lectures à l’aveugle "
    "(page À annoter, tirage avec courtois labels next).",
    "drift.basis.points": "Là où il y a moins de {fewest} lectures à l’aveugle, l’écart d’étalonnage est "
    "mesuré sur toutes les réponses : il est biaisé.",
    "drift.basis.none": "Étalonnage : personne n’a encore lu de commentaire scoré par ce modèle.",
    "drift.quiet": "Aucune alarme.",
    "drift.alarms.more": "… et {n} autre{s}, dans le tableau.",
    "drift.alarm.ece": "{on} : probabilités mal étalonnées. Écart moyen de {value} entre les scores et vos "
    "réponses (alarme au-delà de {limit}). À faire : vérifiez sur le diagramme de quel côté il se trompe ; "
    "réentraînez le modèle avec vos décisions (page Modèles) ; d’ici là, relevez ou abaissez les "
    "seuils (page Charge de travail).",
    "drift.alarm.psi": "{on} : les scores ne se répartissent plus comme avant. Indice de stabilité de "
    "{value} (alarme au-delà de {limit}). À faire : cherchez un afflux (un article, une campagne, un nouveau "
    "public) ; s’il dure, annotez-en cinquante (page À annoter) et réentraînez.",
    "drift.alarm.hold_rate": "{on} : la part à retenir a changé, {value} contre {before} au début (alarme "
    "au-delà de {limit} d’écart). À faire : relisez quelques commentaires retenus (page File d’attente) ; "
    "s’ils le sont à tort, déplacez le seuil (page Charge de travail) ; à raison, prévoyez du renfort.",
    "drift.alarm.unknown_words": "{on} : beaucoup de mots que le modèle n’a jamais vus, {value} contre "
    "{before} au début (alarme à {limit} de plus). À faire : regardez s’il s’agit d’une autre "
    "langue, d’un autre "
    "registre ou d’un sujet nouveau ; les scores y sont moins sûrs, annotez-en et réentraînez.",
    "drift.figures": "Au fil du temps",
    "drift.figure.ece": "Écart d’étalonnage (ECE)",
    "drift.figure.hold_rate": "Part à retenir",
    "drift.figure.psi": "Stabilité des scores (PSI)",
    "drift.figure.unknown_words": "Mots inconnus",
    "drift.empty.ece": "personne n’a encore lu de commentaire de ces périodes.",
    "drift.empty.psi": "les {fewest} premiers commentaires servent de référence ; la courbe commence à la "
    "période suivante.",
    "drift.empty.hold_rate": "aucun commentaire reçu sur ces périodes.",
    "drift.empty.unknown_words": "aucun commentaire reçu sur ces périodes.",
    "drift.chart": "{figure}, dans le temps. Tireté : le niveau d’alarme.",
    "drift.table": "Les mêmes chiffres en tableau",
    "drift.column.on": "Période",
    "drift.column.day": "Jour (UTC)",
    "drift.column.comments": "Reçus",
    "drift.column.decided": "Lus",
    "drift.column.blind": "À l’aveugle",
    "drift.column.rejected": "Incivils",
    "drift.column.basis": "ECE d’après",
    "drift.column.heldout": "PSI (corpus d’entraînement)",
    "drift.column.alarms": "Alarmes",
    "drift.from.blind": "lectures à l’aveugle",
    "drift.from.decided": "décisions (biaisé)",
    "drift.name.ece": "étalonnage",
    "drift.name.psi": "répartition",
    "drift.name.hold_rate": "part à retenir",
    "drift.name.unknown_words": "mots inconnus",
    "drift.at": "Période à regarder de près",
    "drift.all": "Toutes",
    "drift.reliability": "Diagramme de fiabilité",
    "drift.reliability.chart": "Part d’incivils selon vous, par dixième des scores. Sur la diagonale, "
    "les probabilités sont justes ; au-dessus le modèle est trop indulgent, en dessous trop sévère.",
    "drift.reliability.none": "Aucune lecture sur cette période.",
    "drift.reliability.mean": "Probabilité moyenne",
    "drift.reliability.share": "Part d’incivils",
    "drift.reliability.low": "De",
    "drift.reliability.high": "À",
    "drift.reliability.n": "Lectures",
    "drift.reliability.who": "Lectures faites",
    "drift.reliability.blind": "à l’aveugle",
    "drift.reliability.seen": "score visible (biaisé)",
    "drift.scores": "Répartition des scores",
    "drift.scores.chart": "Part des commentaires par dixième d’incivilité, à côté de la référence.",
    "drift.scores.from": "Incivilité à partir de",
    "drift.scores.share": "Part des commentaires",
    "drift.scores.whose": "Commentaires",
    "drift.scores.now": "de la période",
    "drift.scores.reference": "de référence",
    "drift.note": "Niveaux d’alarme : écart d’étalonnage {ece}, indice de stabilité {psi}, part à retenir "
    "{hold_rate} d’écart, mots inconnus {unknown_words} de plus. Sous {fewest} commentaires ou lectures, ou "
    "si le hasard suffit à l’expliquer, pas d’alarme.",
}
"""By key, with ``{names}`` to fill in."""
