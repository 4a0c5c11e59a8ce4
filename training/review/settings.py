"""How the app is told where its store and bundle are, and how Streamlit is run."""

import getpass
import os
from typing import Final

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


def streamlit_flags(port: int, *, open_browser: bool) -> list[str]:
    """Spell the settings as flags, so that they hold wherever the package is installed.

    >>> "--server.port=8600" in streamlit_flags(8600, open_browser=False)
    True
    """
    options = {
        "server.address": ADDRESS,
        "server.port": port,
        "server.headless": "false" if open_browser else "true",
        "server.showEmailPrompt": "false",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.enableXsrfProtection": "true",
        "server.maxUploadSize": MAX_UPLOAD_MB,
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": ADDRESS,
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
