"""The language of the page, for screen readers: Streamlit's own page says that it is English."""

from typing import Final

import streamlit as st

_SCRIPT: Final = """
export default function () {
  document.documentElement.lang = "fr";
}
"""


def draw() -> None:
    """Declare the page French; nothing is seen of it."""
    st.components.v2.component("courtois_language", js=_SCRIPT)(key="page_language")
