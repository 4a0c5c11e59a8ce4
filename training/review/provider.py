"""The organisation's own sign-in (OpenID Connect), where Streamlit's secrets configure it."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

_DEFAULT: Final = "default"


def names() -> list[str]:
    """Providers that can be chosen; ``default`` is the one that has no name of its own."""
    return names_in(_section())


def names_in(section: Mapping[str, Any]) -> list[str]:
    """Providers of the section ``auth`` of the secrets.

    >>> names_in({"redirect_uri": "x", "client_id": "a", "cookie_secret": "s"})
    ['default']
    >>> names_in({"redirect_uri": "x", "entreprise": {"client_id": "a"}})
    ['entreprise']
    """
    found = [_DEFAULT] if "client_id" in section else []
    return found + [name for name, value in section.items() if isinstance(value, Mapping)]


def address() -> str | None:
    """E-mail address that the provider vouches for in this session."""
    return address_in(st.user.to_dict()) if names() else None


def address_in(claims: Mapping[str, Any]) -> str | None:
    """E-mail address of the provider's claims; none that the provider has not verified.

    >>> address_in({"is_logged_in": True, "email": "lou@journal.example", "email_verified": True})
    'lou@journal.example'
    >>> address_in({"is_logged_in": True, "email": "lou@journal.example", "email_verified": False})
    """
    if claims.get("is_logged_in") is not True:
        return None
    given, verified = claims.get("email"), claims.get("email_verified")
    # providers that verify every address leave the claim out; some send it as a word
    if not isinstance(given, str) or not given or verified not in (None, True, "true"):
        return None
    return given


def sign_in(name: str) -> None:
    """Send the browser to the provider."""
    st.login(None if name == _DEFAULT else name)


def sign_out() -> None:
    st.logout()


def _section() -> Mapping[str, Any]:
    if not st.secrets.load_if_toml_exists():
        return {}
    section = st.secrets.get("auth")
    return section if isinstance(section, Mapping) else {}
