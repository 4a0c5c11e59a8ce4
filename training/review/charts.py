"""How charts and tables write numbers and dates: as the French do.

Charts do so whatever the browser's language; tables, which can be sorted, follow the browser.
"""

from typing import Any, Final, TypeVar

import altair as alt
import pandas as pd
import streamlit as st

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


def number_columns(frame: pd.DataFrame) -> dict[str, Any]:
    """Column settings for ``st.dataframe``: numbers in the browser's language, the rest as it is."""
    column = st.column_config.NumberColumn(format="localized")
    return {str(name): column for name in frame.select_dtypes("number").columns}
