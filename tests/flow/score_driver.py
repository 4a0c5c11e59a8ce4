"""``courtois score`` with the tests' scorer, as the front door runs it."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit")]

import fake_scorer  # noqa: E402

from data.errors import CourtoisError  # noqa: E402
from training.cli import score  # noqa: E402


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="courtois score")
    score.add_arguments(parser)
    try:
        return score.run(parser.parse_args(argv), factory=fake_scorer.load)
    except CourtoisError as error:
        print(f"courtois score: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
