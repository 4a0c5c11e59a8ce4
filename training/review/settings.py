"""How the app is told where its store and bundle are, and how Streamlit is run."""

import getpass
import os
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from data.errors import InputError

STORE: Final = "COURTOIS_STORE"
BUNDLE: Final = "COURTOIS_BUNDLE"
MODERATOR: Final = "COURTOIS_MODERATOR"

ADDRESS: Final = "127.0.0.1"
MAX_UPLOAD_MB: Final = 200
"""Largest file that the upload page takes, in megabytes."""


def moderator_name() -> str:
    """Name written beside every decision: the environment's, else the system account's.

    >>> os.environ[MODERATOR] = " Camille "
    >>> moderator_name()
    'Camille'
    >>> del os.environ[MODERATOR]
    """
    given = os.environ.get(MODERATOR, "").strip()
    if given:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under an account number that has no name
        return "moderateur"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app listens, and the host and port that browsers know it by."""

    address: str = ADDRESS
    host: str = ADDRESS
    port: int | None = None
    """``None`` for the one that it listens on."""


def place(address: str, site: str | None) -> Place:
    """Work out where the app is; ``site`` is the URL that browsers use, of a proxy for example.

    Raises
    ------
    InputError
        For a URL without http or a host.

    >>> place("0.0.0.0", "https://moderation.journal.example")
    Place(address='0.0.0.0', host='moderation.journal.example', port=443)
    >>> place("192.0.2.7", None)
    Place(address='192.0.2.7', host='192.0.2.7', port=None)
    """
    if site is None:
        return Place(address, socket.gethostname() if address in ("0.0.0.0", "::") else address)
    try:
        parts = urlsplit(site)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https"):
        raise InputError("is no URL", where="--site", fix="give one such as https://moderation.journal.fr")
    return Place(address, host, port or (443 if parts.scheme == "https" else 80))


def streamlit_flags(port: int, here: Place | None = None, *, open_browser: bool) -> list[str]:
    """Spell the settings as flags, so that they hold wherever the package is installed.

    >>> "--server.port=8600" in streamlit_flags(8600, open_browser=False)
    True
    """
    here = here or Place()
    options = {
        "server.address": here.address,
        "server.port": port,
        "server.headless": "false" if open_browser else "true",
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.enableXsrfProtection": "true",
        "server.maxUploadSize": MAX_UPLOAD_MB,
        "browser.gatherUsageStats": "false",
        # Streamlit answers the pages of this host alone, and looks for no other name of the machine
        "browser.serverAddress": here.host,
        "browser.serverPort": here.port or port,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",  # a traceback could show a comment's text
        "client.showErrorLinks": "false",
        "logger.hideWelcomeMessage": "true",
        "logger.level": "warning",
        "runner.magicEnabled": "false",  # a docstring of the front door is not content
        "theme.light.primaryColor": "#1f5f8b",
        "theme.dark.primaryColor": "#2f7fb5",
        "theme.baseRadius": "small",
    }
    return [f"--{name}={value}" for name, value in options.items()]
