"""French texts of the page *Charge de travail*."""

from typing import Final

WORKLOAD: Final = {
    "page.workload": "Charge de travail",
    "workload.intro": "Que retient un seuil, que laisse-t-il passer, et combien d’heures cela demande-t-il ? "
    "Déplacez les seuils : rien ne change dans la file tant que la politique n’est pas enregistrée.",
    "workload.section": "Rubrique",
    "workload.any": "Toutes",
    "workload.arrivals": "{n} commentaires reçus en {days} jours, jusqu’au dernier : {per_day} par jour",
    "workload.none": "Aucun commentaire scoré : la charge ne peut pas encore être estimée. "
    "Pour en ajouter : page « Scorer un fichier ».",
    "workload.labels": "Scores qui retiennent un commentaire",
    "workload.line": "{label} : retenir à partir de",
    "workload.held": "Retenus par jour",
    "workload.share": "Part retenue",
    "workload.hours": "Heures de modération par jour",
    "workload.missed": "Publiés non relus par jour",
    "workload.pace.measured": "Rythme mesuré de l’équipe : {n} commentaires par heure "
    "(sur {decisions} décisions des 30 derniers jours, pauses ôtées).",
    "workload.pace.usual": "Rythme supposé : {n} commentaires par heure et par personne, chiffre publié par "
    "un grand service français de modération. Décisions mesurables de l’équipe : {decisions}, "
    "il en faut {fewest}.",
    "workload.table": "Ce que chaque seuil trouve (rappel) et ce qu’il retient à raison (précision)",
    "workload.column.label": "Score",
    "workload.column.line": "Seuil",
    "workload.column.held": "Retenus/jour",
    "workload.column.source": "D’après",
    "workload.column.recall": "Rappel [95 %]",
    "workload.column.precision": "Précision [95 %]",
    "workload.column.n": "Commentaires",
    "workload.source.report": "rapport du modèle",
    "workload.source.report.at": "rapport du modèle (mesuré au seuil {at} seulement)",
    "workload.source.blind": "vos lectures à l’aveugle",
    "workload.source.biased": "vos décisions (biaisé)",
    "workload.source.promised": "probabilités sur vos commentaires",
    "workload.estimate": "{value} [{low} ; {high}]",
    "workload.range": "entre {low} et {high}",
    "workload.unknown": "–",
    "workload.note.report": "Rapport du modèle : mesuré sur son corpus de contrôle, où {share} des "
    "commentaires sont positifs pour « {label} ». Le rappel se transpose ; la précision baisse là où "
    "ils sont plus rares.",
    "workload.note.blind": "Vos lectures à l’aveugle sont tirées au sort et faites sans voir les scores : "
    "cette estimation n’est pas biaisée.",
    "workload.note.biased": "« Vos décisions » portent surtout sur ce que la file montre en premier : le "
    "rappel y est surestimé. Faites des lectures à l’aveugle (page À annoter, tirage avec courtois labels "
    "next) pour une estimation juste.",
    "workload.note.nothing": "L’équipe n’a pas encore assez de décisions sur ce score pour une estimation : "
    "il en faut {fewest}.",
    "workload.note.wide": "« Entre … et … » : trop peu de commentaires pour donner un taux. L’intervalle "
    "à 95 % s’écarte de plus de {points} points de part et d’autre.",
    "workload.note.promised": "« Probabilités sur vos commentaires » suppose les scores bien étalonnés ; "
    "pas d’intervalle, ce n’est pas une mesure.",
    "workload.bundle": "Modèle : {bundle}",
    "workload.chart": "Commentaires retenus par jour selon le seuil, un trait par score",
    "workload.chart.line": "Seuil",
    "workload.chart.held": "Retenus par jour",
    "workload.chart.label": "Score",
    "workload.examples": "De part et d’autre de la ligne",
    "workload.examples.label": "Exemples pour",
    "workload.examples.below": "Juste en dessous : passent",
    "workload.examples.above": "Juste au-dessus : retenus",
    "workload.examples.none": "Aucun commentaire de ce côté.",
    "policy.title": "Politique du site",
    "policy.off": "Action automatique : désactivée. Les règles proposent (publier, à relire, à retenir) ; "
    "une personne décide.",
    "policy.on": "Action automatique : ACTIVÉE. Les règles « approuver » et « rejeter » décident sans "
    "personne quand la politique est appliquée ; chaque décision est au journal avec sa règle, "
    "et s’annule par lot.",
    "policy.automatic": "Autoriser l’action automatique (approuver et rejeter sans personne)",
    "policy.automatic.sure": "Je sais que des commentaires seront publiés ou rejetés sans être lus",
    "policy.automatic.unsure": "L’action automatique n’est pas enregistrée sans la confirmation cochée.",
    "policy.otherwise": "Là où aucune règle ne parle",
    "policy.otherwise.bundle": "ce que propose le modèle",
    "policy.otherwise.publish": "publier",
    "policy.otherwise.review": "à relire",
    "policy.otherwise.hold": "à retenir",
    "policy.otherwise.note": "La charge simulée suppose que le reste est publié ; avec « ce que propose le "
    "modèle », les propositions du modèle s’y ajoutent.",
    "policy.rules": "Règles, une par ligne ; si deux se contredisent, le commentaire va à une personne",
    "policy.column.name": "Nom",
    "policy.column.label": "Score",
    "policy.column.low": "De (compris)",
    "policy.column.high": "À (non compris, sauf 1)",
    "policy.column.section": "Rubrique",
    "policy.column.action": "Action",
    "policy.action": "Action des seuils",
    "policy.add": "Reprendre les seuils ci-dessus comme règles",
    "policy.conflict": "Les règles {one} et {two} se contredisent sur une partie de leurs scores : "
    "ces commentaires iront à une personne (à relire).",
    "policy.save": "Enregistrer la politique",
    "policy.saved": "Politique enregistrée dans {path}. Les prochains commentaires la suivent ; "
    "« Appliquer » la porte sur ceux qui attendent.",
    "policy.error": "La politique ne peut pas être enregistrée : {what}",
    "policy.unreadable": "La politique enregistrée ne peut pas être lue : {what}",
    "policy.none": "Pas encore de politique : le modèle propose seul. Elle sera enregistrée dans {path}.",
    "policy.file": "Fichier : {path}",
    "policy.text": "Voir le fichier TOML",
    "policy.download": "Télécharger le fichier TOML",
    "policy.apply": "Appliquer la politique enregistrée aux commentaires en attente",
    "policy.applying": "Application de la politique aux commentaires en attente…",
    "policy.applied": "Politique appliquée : {changed} propositions changées sur {n} commentaires "
    "en attente, {decided} décisions automatiques.",
    "policy.forbidden": "Votre rôle permet de simuler, pas d’enregistrer la politique.",
    "action.approve": "approuver (automatique)",
    "action.reject": "rejeter (automatique)",
}
"""By key, with ``{names}`` to fill in."""
