"""French texts of the page *Lots*."""

from typing import Final

BATCH: Final = {
    "page.batch": "Lots",
    "batch.intro": "Décider d’un coup tous les commentaires dont le score tombe dans une plage. "
    "La règle de sélection est inscrite au journal avec chaque décision ; un lot s’annule en un geste. "
    "Aucune étiquette d’apprentissage n’est tirée d’un lot : personne n’a lu chaque commentaire.",
    "batch.label": "Score",
    "batch.status": "État",
    "batch.section": "Rubrique",
    "batch.thread": "Article",
    "batch.any": "Tous",
    "batch.any.section": "Toutes",
    "batch.flagged": "Seulement les signalés",
    "batch.status.pending": "À traiter",
    "batch.status.skipped": "Différés",
    "batch.status.to_review": "À revoir",
    "batch.low": "De (compris)",
    "batch.high": "À (compris)",
    "batch.chart": "Nombre de commentaires par score « {label} » ; en couleur, la plage choisie",
    "batch.chart.score": "Score",
    "batch.chart.count": "Commentaires",
    "batch.chart.hint": "Tirez sur le graphique pour choisir une plage, ou donnez ses bornes.",
    "batch.order": "La borne basse dépasse la borne haute : la plage est vide.",
    "batch.count": "{n} commentaire{s} dans la plage {low} à {high}",
    "batch.count.none": "Aucun commentaire dans la plage {low} à {high}",
    "batch.most": "Les {n} scores les plus hauts d’abord : recommencez ensuite pour les autres.",
    "batch.line": "Autour de la borne {line}",
    "batch.below": "Juste en dessous",
    "batch.above": "Juste au-dessus",
    "batch.inside": "pris",
    "batch.outside": "laissé",
    "batch.side.none": "Aucun commentaire de ce côté.",
    "batch.verdict": "Décision du lot",
    "batch.verdict.approve": "Approuver",
    "batch.verdict.reject": "Rejeter",
    "batch.verdict.escalate": "Envoyer à revoir",
    "batch.reason": "Motif du rejet",
    "batch.prepare": "{verdict} {n} commentaire{s}…",
    "batch.confirm": "{verdict} {n} commentaire{s} ?",
    "batch.confirm.rule": "Règle inscrite au journal : {rule}",
    "batch.confirm.yes": "Oui, {verdict} {n} commentaire{s}",
    "batch.confirm.no": "Renoncer",
    "batch.done": "{n} commentaire{s} décidé{s} en un lot.",
    "batch.done.conflicts": "{n} commentaire{s} décidé{s} en un lot ; laissés tels quels : {left}, "
    "parce que quelqu’un les a décidés ou les tient entre-temps.",
    "batch.undo": "Annuler ce lot",
    "batch.undone": "Lot annulé : {n} commentaire{s} dans l’état précédent.",
    "batch.undone.conflicts": "Lot annulé pour {n} commentaire{s} ; décidés à nouveau depuis et laissés "
    "ainsi : {left}.",
    "status.to_review": "à revoir",
    "batch.forbidden": "Votre rôle ne permet pas de décider par lots. La plage et ses commentaires "
    "restent visibles.",
    "batch.empty": "Aucun commentaire sous ces conditions : élargissez-les, ou ajoutez des commentaires "
    "(page « Scorer un fichier »).",
}
"""By key, with ``{names}`` to fill in."""
