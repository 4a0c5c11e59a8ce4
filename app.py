"""The front door: the ``courtois`` command, and the review app under ``streamlit run app.py``."""

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from data.errors import CourtoisError

COMMANDS = {
    "review": "open the review app on the decision store",
    "accounts": "say who may sign in to the review app",
    "score": "score dumps of comments",
    "train": "fit a model bundle",
    "evaluate": "measure a bundle on a labelled corpus",
    "retrain": "fit a candidate bundle from labelled exports",
    "labels": "exchange labels, choose what to label next, measure agreement",
    "journal": "export the audit log and the statements of reasons",
    "store": "forget comments: one on request, or all past their time",
    "import-page": "read a saved article page with its comments",
    "model": "list, show, promote, roll back and watch model bundles",
    "serve": "answer comment systems over HTTP as Perspective did",
    "migrate": "move a site from Perspective to courtois",
}
"""Command names and their one-line help; each lives in ``training.cli`` under its own name."""


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Build the parser; only ``command``'s own module is imported, so that a command starts fast."""
    parser = argparse.ArgumentParser(prog="courtois", description="Moderation and stance of French comments.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        if name == command:
            module = importlib.import_module("training.cli." + name.replace("-", "_"))
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 on success, 2 with one line on stderr for input that cannot be used, else what the
        command's own help says.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    _write_any_letter()
    command = next((word for word in arguments if word in COMMANDS), None)
    parsed = build_parser(command).parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except CourtoisError as error:
        print(f"courtois {parsed.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader went away, as `head` does: nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print(f"courtois {parsed.command}: interrupted", file=sys.stderr)
        return 130


def _write_any_letter() -> None:
    """Have results leave as UTF-8, and a terminal of another locale show what it can."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if not sys.stdout.isatty():
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    from training.review.navigation import running_under_streamlit, show

    if running_under_streamlit():
        show()
    else:
        sys.exit(main())
