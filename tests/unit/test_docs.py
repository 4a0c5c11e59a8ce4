"""The documents agree with the code: commands, options, variables, links, targets, versions."""

import argparse
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import COMMANDS, build_parser, main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """Text under each second-level heading, by the heading's words without its code marks."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return {title.replace("`", "").strip(): body for title, body in zip(parts[::2], parts[1::2], strict=True)}


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Long options of a parser and of the subcommands inside it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from options(inner)
        else:
            yield from (name for name in action.option_strings if name.startswith("--"))


def parser_of(command: str) -> argparse.ArgumentParser:
    top = next(a for a in build_parser(command)._actions if isinstance(a, argparse._SubParsersAction))
    parser: argparse.ArgumentParser = top.choices[command]
    return parser


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: courtois {command}")
    assert build_parser(command).format_help().count(COMMANDS[command]) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_documented_with_exactly_its_options(command: str) -> None:
    section = sections(read("docs/cli.md")).get(f"courtois {command}")
    assert section is not None, "give it a section in docs/cli.md"
    assert set(OPTION.findall(section)) == set(options(parser_of(command))) - {"--help"}


def test_only_commands_have_a_section() -> None:
    documented = {
        title.removeprefix("courtois ") for title in sections(read("docs/cli.md")) if "courtois " in title
    }
    assert documented == set(COMMANDS)


def test_environment_variables_are_documented() -> None:
    product = [
        ROOT / "app.py",
        *(p for room in ("data", "model", "training") for p in (ROOT / room).rglob("*.py")),
    ]
    used = {name for path in product for name in re.findall(r'"(COURTOIS_[A-Z_]+)"', path.read_text("utf-8"))}
    assert used, "the search finds none"
    assert used <= set(re.findall(r"COURTOIS_[A-Z_]+", read("docs/cli.md")))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8")))
    assert named <= targets


def test_readme_leads_to_every_document() -> None:
    linked = set(re.findall(r"\((docs/[a-z-]+\.md)\)", read("README.md")))
    assert linked == {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}


def test_readme_example_is_what_courtois_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = read("README.md")
    dump, console = (re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL) for kind in ("csv", "console"))
    assert dump is not None
    assert console is not None
    file = tmp_path / "comments.csv"
    file.write_text(dump[1], encoding="utf-8")
    assert main(["score", str(file)]) == 0
    printed = capsys.readouterr()
    rows = [json.loads(line) for line in printed.out.splitlines()]
    fresh = [[r["id"], round(100 * r["incivility"]), r["severity"], r["stance"], r["action"]] for r in rows]
    shown = [json.loads(line) for line in console[1].splitlines() if line.startswith("[")]
    near = [[i, pytest.approx(p, abs=5), *rest] for i, p, *rest in fresh]
    assert shown == near, f"print the example again: {fresh}"
    summary = [line for line in printed.err.splitlines() if "proposed" in line]
    assert summary == [line for line in console[1].splitlines() if "proposed" in line]


def test_readme_keeps_the_place_of_the_figures() -> None:
    text = read("README.md")
    assert text.count("<!-- quality:begin -->") == text.count("<!-- quality:end -->") == 1
    assert text.index("<!-- quality:begin -->") < text.index("<!-- quality:end -->")


def test_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\S+) \((\d{4}-\d{2}-\d{2})\)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_lock_names_no_host_and_holds_every_dependency() -> None:
    lock = read("requirements.lock")
    assert re.findall(r"://|--index|--find-links|@ file", lock) == []
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, flags=re.MULTILINE))
    wanted = {re.split(r"[^\w.-]", line)[0].lower() for line in PROJECT["dependencies"]}
    assert wanted <= pinned
    assert lock.count("--hash=sha256:") >= len(pinned)
