"""What has to be done in Coral's administration, in order, with the traps."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A box to tick: what to do, and why or beware of what."""

    does: str
    why: str


def steps(percent: int, attribute: str, version: str, old_percent: float) -> Sequence[Step]:
    """Give the steps for a threshold in percent, an attribute and a bundle's version."""
    before = f"{old_percent:g}".replace(".", ",")
    return (
        Step(
            "Sur la machine de courtois : courtois serve --new-key coral, puis noter la clé affichée.",
            "Elle n’est montrée qu’une fois. Dès qu’une clé existe, toute demande doit en porter une.",
        ),
        Step(
            "Lancer courtois serve (service systemd et nginx : docs/http.md) et vérifier, depuis la machine "
            "de Coral, que http://HÔTE:8700/health répond « ok ».",
            "courtois n’écoute que sur 127.0.0.1 si on ne lui dit rien d’autre : --host, ou un mandataire.",
        ),
        Step(
            "Noter les réglages actuels de Coral (copie d’écran de la rubrique Perspective).",
            f"Pour pouvoir revenir en arrière. L’ancien seuil retenu ici est {before} %.",
        ),
        Step(
            "Coral, Configure › Moderation (Configurer › Modération), « Toxic comment filter » "
            "(Filtre de commentaire toxique) : On.",
            "La langue du site (Configure › General) doit être le français (fr-FR). Sous une autre, Coral "
            "annonce des commentaires en anglais et courtois les refuse, sauf avec --assume-french.",
        ),
        Step(
            "« Custom endpoint » (Point de terminaison personnalisé) : "
            "http://courtois.internal:8700/v1alpha1, ou l’adresse https du mandataire.",
            "Le formulaire refuse un nom de machine sans point (http://courtois:8700) : donner au conteneur "
            "un alias avec un point. localhost et les adresses IP passent. Pas de redirection : Coral n’en "
            "suit aucune.",
        ),
        Step(
            "« API key » (clé de l’API) : la clé notée plus haut.",
            "Jamais vide, même si courtois n’en demande pas : sans clé, Coral saute le contrôle et ne le dit "
            "que dans son journal.",
        ),
        Step(
            f"« Toxicity model » (Modèle de toxicité) : {attribute}",
            f"{attribute}@{version} fige la version mesurée ici, mais après un changement de modèle toute "
            "demande est alors refusée et tous les commentaires passent sans score : à réserver à un essai "
            "surveillé.",
        ),
        Step(
            f"« Toxicity threshold » (Seuil de toxicité) : {percent}",
            "En pourcents entiers. Coral retient ce qui est strictement au-dessus. L’ancien chiffre ne vaut "
            "rien ici : les deux scores n’ont pas la même échelle.",
        ),
        Step(
            "« Allow Google to store comment data » (Autoriser Google à récolter des données) : Don't Allow.",
            "courtois ne garde jamais un commentaire à noter, mais avec doNotStore la question ne se pose "
            "pas.",
        ),
        Step(
            "« Allow Coral to send moderation actions to Google » : Allow, pour que les décisions des "
            "modérateurs instruisent courtois ; sinon Don't Allow.",
            "L’intitulé dit Google ; rien ne part ailleurs qu’à l’adresse ci-dessus. Coral n’envoie pas le "
            "motif : un rejet pour spam compte aussi comme incivilité.",
        ),
        Step(
            "Save Changes, puis publier un commentaire d’essai anodin et un autre manifestement injurieux.",
            "Dans la file de modération, la fiche du second doit montrer un score. S’il n’y en a pas, la "
            "liaison ne marche pas : voir la page « Santé du lien » de courtois review.",
        ),
        Step(
            "Laisser PERSPECTIVE_TIMEOUT à 800 ms, ou le relever un peu (variable d’environnement du serveur "
            "Coral) si la page « Santé du lien » montre des réponses plus lentes.",
            "Passé ce délai, Coral publie le commentaire sans score et sans prévenir personne.",
        ),
        Step(
            "Pendant une semaine, regarder chaque jour la part retenue et la part des demandes au-delà de "
            "800 ms ; puis relancer cette étude sur un export récent.",
            "Coral laisse tout passer en cas d’erreur : une panne ne se voit qu’à une file vide.",
        ),
        Step(
            "Le journal de Coral contient le texte des commentaires qu’il envoie : régler sa durée de "
            "conservation.",
            "Coral écrit le corps de la demande au niveau « info ».",
        ),
    )
