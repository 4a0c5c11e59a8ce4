"""The cookie that keeps a session over a reload of the tab.

Only a script can set a cookie here, so it is not ``HttpOnly``; it is of this site alone
(``SameSite=Strict``), lasts as long as the session may, and the store refuses it once the session
has ended there.
"""

from typing import Final

import streamlit as st

from data.store.logins import LONGEST
from training.review import people

_SCRIPT: Final = """
export default function ({ data }) {
  const safe = location.protocol === "https:" ? "; Secure" : "";
  const age = data.value ? data.age : 0;
  document.cookie = `${data.name}=${data.value}; Path=/; SameSite=Strict; Max-Age=${age}${safe}`;
}
"""


def draw() -> None:
    """Set or remove the cookie where the browser's is not the right one."""
    wanted = people.cookie()
    if wanted is None:
        return
    name, value = wanted
    mount = st.components.v2.component("courtois_session", js=_SCRIPT)
    mount(data={"name": name, "value": value, "age": int(LONGEST.total_seconds())}, key="session_cookie")
