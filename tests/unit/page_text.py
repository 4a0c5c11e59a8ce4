"""A saved page of an invented newspaper."""

from datetime import date

from data.pages import Page, parse_page

TODAY = date(2026, 11, 22)

ARTICLE = """Se connecter
Abonnez-vous

La mairie de Brévaux abandonne son appli d’alerte citoyenne

Le 4 mars à 18h12

Lancée il y a deux ans, l'application devait prévenir les habitants en cas de crue. Elle n'a servi
qu'une fois.

Au conseil de ce mardi 3 mars, l'adjointe au numérique a parlé d'un « outil mort-né ».
La ville garde ses sirènes.

Le 4 mars à 18h12

"""

COMMENTS = """votre avatar
Deux ans pour rien. J'avais prévenu que personne ne l'installerait sur son téléphone.
votre avatar
mdr :D
votre avatar
J’avais prévenu que personne ne l’installerait sur son téléphone
Oui enfin prévenir après coup, c'est facile.

(moi je l'avais)
votre avatar
La ville garde ses sirènes.
Tant mieux, elles marchent sans réseau !
votre avatar
Oui enfin prévenir après coup c'est facile
Bah non, j'ai le courrier daté.
"""

FOOTER = """
La mairie de Brévaux abandonne son appli d’alerte citoyenne

Fermer
"""


def page(
    article: str = ARTICLE, head: str = "Commentaires (5)\n\n", comments: str = COMMENTS, **options: int
) -> Page:
    return parse_page(article + head + comments + FOOTER, name="p.txt", today=TODAY, **options)  # type: ignore[arg-type]
