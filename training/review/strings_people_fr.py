"""French texts of signing in."""

from typing import Final

PEOPLE: Final[dict[str, str]] = {
    "login.title": "Connexion",
    "login.name": "Nom",
    "login.password": "Mot de passe",
    "login.submit": "Se connecter",
    "login.provider": "Se connecter avec le compte de l’entreprise",
    "login.provider.named": "Se connecter avec {name}",
    "login.ended": (
        "Votre session est terminée, {name}. Reconnectez-vous : les décisions déjà confirmées sont "
        "enregistrées, et celles que ce navigateur n’a pas encore pu transmettre le seront ensuite."
    ),
    "login.wrong": "Nom ou mot de passe incorrect.",
    "login.waiting": "Trop d’essais : réessayez dans {seconds} s.",
    "login.disabled": "Ce compte est désactivé. Adressez-vous à votre responsable.",
    "login.unknown": (
        "L’adresse {address} n’est celle d’aucun compte. Adressez-vous à votre responsable, "
        "ou déconnectez-vous pour en choisir une autre."
    ),
    "login.help": "Mot de passe oublié ? Votre responsable peut en donner un nouveau.",
    "login.local": (
        "Cette application n’a pas de compte : elle ne répond qu’à la machine où elle tourne. "
        "Créez un compte avec « courtois accounts add »."
    ),
    "login.store": "La base de données ne répond pas : {what}",
    "login.retry": "Réessayer",
    "logout": "Se déconnecter",
    "people.moderateur": "modération",
    "people.responsable": "responsable",
    "people.lecture": "lecture seule",
    "people.signed_in": "{name} ({role})",
    "people.may_not": (
        "Votre rôle ({role}) permet de lire cette page, pas d’y agir : adressez-vous à votre responsable."
    ),
    "people.not_done": (
        "Rien n’a été enregistré : votre session est terminée ou votre rôle a changé. Recommencez."
    ),
    "people.single": (
        "mode mono-utilisateur : aucun compte, application accessible sur cette machine seulement ({address})"
    ),
}
