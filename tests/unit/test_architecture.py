"""What the import contracts and linters cannot say of the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("data", "model", "training")
MOST_LINES = 250

PRODUCT = [ROOT / "app.py", *sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
CODE_RUNNERS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"}
LOADERS = {
    ("joblib", "load"),
    ("torch", "load"),
    ("yaml", "load"),
    ("pandas", "read_pickle"),
    ("pd", "read_pickle"),
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules that a file imports, at the top or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def violations(source: str) -> list[str]:
    """Ways in which a file could run what it reads, or draw it as markup."""
    tree = ast.parse(source)
    found = [f"imports {name}" for name in imported(tree) if name.split(".")[0] in UNSAFE_MODULES]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CODE_RUNNERS:
                found.append(f"line {node.lineno}: {name}()")
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in LOADERS:
                found.append(f"line {node.lineno}: {module}.{name}")
            case ast.ImportFrom(module=str(module), names=names):
                found += [f"imports {module}.{a.name}" for a in names if (module, a.name) in LOADERS]
            case ast.keyword(arg="allow_pickle", value=value) if getattr(value, "value", True) is not False:
                found.append(f"line {value.lineno}: allow_pickle")
            case ast.keyword(arg="unsafe_allow_html" | "unsafe_allow_javascript"):
                found.append(f"line {node.value.lineno}: {node.arg}")
    return found


def test_rooms_are_found() -> None:
    names = {name_of(path) for path in PRODUCT}
    assert {"app.py", "data/record.py", "model/judgement.py", "training/cli/score.py"} <= names


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_product_file(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MOST_LINES, "split it by purpose"
    assert "app" not in set(imported(ast.parse(source))), "app.py is the front door: nothing imports it"
    assert violations(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(text, unsafe_allow_html=True)",
        "import pickle",
        "def f():\n    from pickle import loads",
        "joblib.load(path)",
        "from joblib import load",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=flag)",
        "eval(text)",
        "exec(text)",
    ],
)
def test_planted_violation_is_found(source: str) -> None:
    assert len(violations(source)) == 1


@pytest.mark.parametrize(
    "source",
    ["np.load(path, allow_pickle=False)", "json.load(file)", "re.compile(pattern)", "model.evaluate(x)"],
)
def test_harmless_code_passes(source: str) -> None:
    assert violations(source) == []


def test_only_the_review_screens_import_streamlit() -> None:
    users = {
        name_of(path)
        for path in PRODUCT
        if any(
            name.split(".")[0] == "streamlit"
            for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert "training/review/queue_page.py" in users
    assert [name for name in users if not name.startswith("training/review/")] == []


def test_no_folder_hides_a_package() -> None:
    """``tests/data`` would be imported as ``data``, ``app/`` as ``app``, ``datasets/`` as the library."""
    assert [name for name in ("tests/data", "tests/model", "app", "datasets") if (ROOT / name).exists()] == []


def test_no_catch_all_module() -> None:
    assert [name_of(path) for path in PRODUCT if path.stem in {"utils", "helpers", "misc", "common"}] == []
