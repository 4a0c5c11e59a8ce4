"""The option that names the decision store, the same in every command that opens one."""

import argparse


def add_store(parser: argparse.ArgumentParser) -> None:
    """Declare ``--store``; ``None`` leaves the choice to ``COURTOIS_STORE`` and the user's own file."""
    parser.add_argument(
        "--store",
        metavar="URL",
        help="decision store: a file or a database's URL (default: COURTOIS_STORE, else a file of yours)",
    )
