"""The site policy as a TOML file: where it lies, reading it with errors by line, writing it."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import platformdirs

from data.errors import InputError
from model.durable import commit
from model.policy_site import AUTOMATIC, OTHERWISE, RULE_ACTIONS, RULE_LABELS, SitePolicy, SiteRule

LARGEST: Final = 1 << 20
MOST_RULES: Final = 1000
LONGEST_NAME: Final = 120

_TOP: Final = ("automatic", "otherwise", "rule")
_ENTRIES: Final = ("name", "label", "from", "to", "section", "action")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)


def policy_path() -> Path:
    """Where the newsroom's policy lies: ``COURTOIS_POLICY``, else the user's configuration folder."""
    given = os.environ.get("COURTOIS_POLICY")
    return Path(given).expanduser() if given else platformdirs.user_config_path("courtois") / "policy.toml"


def installed_policy() -> SitePolicy | None:
    """The policy at :func:`policy_path`; ``None`` while nobody has saved one.

    Raises
    ------
    InputError
        When the file cannot be used.
    """
    path = policy_path()
    return read_policy(path) if path.exists() else None


def read_policy(path: Path) -> SitePolicy:
    """Read and check a policy file.

    Raises
    ------
    InputError
        With the line of the first entry that is wrong.
    """
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise InputError("is too large for a policy", where=str(path), fix=f"at most {LARGEST} bytes")
        text = path.read_bytes().decode()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise InputError(reason, where=str(path), fix="give the TOML file of a site policy") from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=str(path), fix="save it as UTF-8") from error
    return parse_policy(text, where=str(path))


def parse_policy(text: str, *, where: str = "policy") -> SitePolicy:
    r"""Check the text of a policy.

    Raises
    ------
    InputError
        With the line of the first entry that is wrong.

    >>> parse_policy('[[rule]]\nlabel = "insult"\nfrom = 0.8\naction = "hold"').rules[0].text
    'insult 0.8–1 → hold'
    """
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        place = f"{where}:{found[1]}:{found[2]}" if found else where
        raise InputError(
            "is not TOML", where=place, fix="see docs/cli.md for the form of a policy"
        ) from error
    headers = [text.count("\n", 0, m.start()) + 1 for m in _HEADER.finditer(text)]
    _known(content, _TOP, where)
    automatic, rules = content.get("automatic", False), content.get("rule", [])
    if not isinstance(automatic, bool):
        raise InputError("entry automatic is no truth value", where=where, fix="use true or false")
    otherwise = _one_of("otherwise", content.get("otherwise", "bundle"), OTHERWISE, where)
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise InputError("entry rule is no list of tables", where=where, fix="begin each rule with [[rule]]")
    if len(rules) > MOST_RULES:
        raise InputError(f"{len(rules)} rules", where=where, fix=f"at most {MOST_RULES} are read")
    places = [f"{where}:{line}" for line in headers] if len(headers) == len(rules) else [where] * len(rules)
    return SitePolicy(
        rules=tuple(
            _rule(rule, f"{place}: rule {number}", automatic=automatic)
            for number, (rule, place) in enumerate(zip(rules, places, strict=True), 1)
        ),
        otherwise=otherwise,
        automatic=automatic,
    )


def policy_text(policy: SitePolicy) -> str:
    """The policy as TOML; :func:`parse_policy` reads the same policy back.

    >>> print(policy_text(SitePolicy(rules=[SiteRule(label="threat", low=0.5, action="hold")])), end="")
    # Site policy of courtois: rules by score range, label and section. Rules that disagree go to a person.
    automatic = false  # true: rules may approve and reject without a person
    otherwise = "bundle"  # where no rule speaks: bundle, publish, review or hold
    <BLANKLINE>
    [[rule]]
    label = "threat"
    from = 0.5
    to = 1.0
    action = "hold"
    """
    lines = [
        "# Site policy of courtois: rules by score range, label and section."
        " Rules that disagree go to a person.",
        f"automatic = {str(policy.automatic).lower()}  # true: rules may approve and reject without a person",
        f'otherwise = "{policy.otherwise}"  # where no rule speaks: bundle, publish, review or hold',
    ]
    for rule in policy.rules:
        lines += ["", "[[rule]]"]
        lines += [f"name = {_string(rule.name)}"] if rule.name else []
        lines += [f'label = "{rule.label}"', f"from = {float(rule.low)!r}", f"to = {float(rule.high)!r}"]
        lines += [f"section = {_string(rule.section)}"] if rule.section else []
        lines += [f'action = "{rule.action}"']
    return "\n".join(lines) + "\n"


def save_policy(policy: SitePolicy, path: Path) -> None:
    """Write the policy whole or not at all.

    Raises
    ------
    InputError
        For a policy that could not be read back, or a file that cannot be written.
    """
    text = policy_text(policy)
    parse_policy(text, where=path.name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        commit(path, text.encode())
    except OSError as error:
        raise InputError(
            error.strerror or "cannot be written", where=str(path), fix="set COURTOIS_POLICY to another file"
        ) from error


def _rule(entries: Mapping[str, Any], where: str, *, automatic: bool) -> SiteRule:
    _known(entries, _ENTRIES, where)
    for name in ("label", "action"):
        if name not in entries:
            raise InputError(f"lacks the entry {name}", where=where, fix=f'add {name} = "..."')
    if entries["label"] == "stance":
        raise InputError(
            "entry label: stance proposes no action", where=where, fix="an opinion is no ground for holding"
        )
    label = _one_of("label", entries["label"], RULE_LABELS, where)
    action = _one_of("action", entries["action"], RULE_ACTIONS, where)
    if action in AUTOMATIC and not automatic:
        raise InputError(
            f"entry action: {action} decides without a person, and automatic action is off",
            where=where,
            fix=f"use {AUTOMATIC[action]}, or write automatic = true at the top",
        )
    low, high = (
        _share(name, entries.get(name, given), where) for name, given in (("from", 0.0), ("to", 1.0))
    )
    if low >= high:
        raise InputError(f"entries from and to: {low:g} is not below {high:g}", where=where, fix="swap them")
    section, name = (_name(key, entries.get(key, ""), where) for key in ("section", "name"))
    return SiteRule(label=label, action=action, low=low, high=high, section=section or None, name=name)


def _known(entries: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in entries:
        if name not in names:
            raise InputError(f"no such entry {name!r:.40}", where=where, fix=f"known are {', '.join(names)}")


def _one_of(entry: str, value: Any, allowed: tuple[Any, ...], where: str) -> Any:
    if not isinstance(value, str) or value not in allowed:
        raise InputError(
            f"entry {entry}: {value!r:.40} is none", where=where, fix=f"use one of {', '.join(allowed)}"
        )
    return value


def _share(entry: str, value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InputError(f"entry {entry}: {value!r:.40} is no probability", where=where, fix="use 0 to 1")
    return float(value)


def _name(entry: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME or not value.isprintable():
        raise InputError(
            f"entry {entry} is no name",
            where=where,
            fix=f"use up to {LONGEST_NAME} printable characters",
        )
    return value.strip()


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


__all__ = [
    "installed_policy",
    "parse_policy",
    "policy_path",
    "policy_text",
    "read_policy",
    "save_policy",
]
