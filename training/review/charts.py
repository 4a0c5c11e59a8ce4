"""How charts write numbers and dates: as the French do, whatever the browser's language."""

from typing import Final, TypeVar

import altair as alt

_LOCALE: Final = alt.Locale(
    number=alt.NumberLocale(
        decimal=",", thousands="\u202f", grouping=[3], currency=["", "\xa0€"], percent="\xa0%", minus="−"
    ),
    time=alt.TimeLocale(
        dateTime="%A %e %B %Y à %X",
        date="%d/%m/%Y",
        time="%H:%M:%S",
        periods=["AM", "PM"],
        days=["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        shortDays=["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
        months=[
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        shortMonths=[
            "janv.",
            "févr.",
            "mars",
            "avr.",
            "mai",
            "juin",
            "juil.",
            "août",
            "sept.",
            "oct.",
            "nov.",
            "déc.",
        ],
    ),
)

DAY: Final = "slice(datum.value, 8, 10) + '/' + slice(datum.value, 5, 7) + '/' + slice(datum.value, 0, 4)"
"""Vega expression that writes an ISO date on an axis."""

Chart = TypeVar("Chart", alt.Chart, alt.LayerChart)


def french(chart: Chart) -> Chart:
    """Have a whole chart write 0,80 and 20/11/2026; a part of another chart must not be given.

    >>> french(alt.Chart().mark_bar()).to_dict()["config"]["locale"]["number"]["decimal"]
    ','
    """
    written: Chart = chart.configure(locale=_LOCALE)
    return written
