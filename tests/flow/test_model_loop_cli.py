"""``courtois model``: promotion and rollback, and what is watched of the bundles in use."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import main
from data.record import Comment
from data.store import Store
from model.bundle import SHIPPED
from model.installed import current, install
from training.gates import Gate

SECRET = "Chuchotement"
"""A word of every comment in the store, which no output may hold."""


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTOIS_BUNDLES", str(tmp_path / "bundles"))


@pytest.fixture
def installation(
    tmp_path: Path, small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[tuple[Gate, ...]], None]:
    """A registry of its own, gates that say what a test wants, and a store with decisions."""
    monkeypatch.setenv("COURTOIS_STORE", str(tmp_path / "store.sqlite3"))
    monkeypatch.setenv("COURTOIS_MODERATOR", "Lila")
    with Store.open(None) as store:
        store.add_scored(
            (
                Comment(id=f"c{i}", text=f"{SECRET} {i}, quel torchon"),
                {"incivility": 0.4, "action": "publish"},
            )
            for i in range(60)
        )
        for i in range(40):
            store.decide(f"c{i}", "reject" if i % 2 else "approve", moderator="Lila", version=0)

    def gates(found: tuple[Gate, ...]) -> None:
        monkeypatch.setattr("training.promote.measure_gates", lambda *arguments: found)

    gates((Gate(name="quality", passed=True, current=0.7, candidate=0.8),))
    return gates


def words(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    return shown.out + shown.err


class TestLoop:
    """Promote, use by name, roll back."""

    def test_promoted_is_used_where_no_bundle_is_given_and_by_name(
        self,
        installation: object,
        small_folder: Path,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert main(["model", "promote", str(small_folder), "--reason", "essai"]) == 0
        assert "petit@1 is in use, courtois-fr@" in words(capsys)
        assert main(["model", "list"]) == 0
        assert "petit@1\tbase\tinstalled\tin use" in words(capsys)
        dump = tmp_path / "dump.jsonl"
        dump.write_text('{"id": "1", "text": "Bonjour"}\n', encoding="utf-8")
        by_option = {
            (): "petit@1",
            ("--bundle", "petit@1"): "petit@1",
            ("--bundle", "shipped"): "courtois-fr@",
        }
        for option, name in by_option.items():
            assert main(["score", str(dump), *option]) == 0
            assert json.loads(capsys.readouterr().out)["bundle"].startswith(name)
        assert main(["score", str(dump), "--bundle", "petit@9"]) == 2
        assert "installed are courtois-fr@" in words(capsys)
        assert main(["model", "rollback", "--reason", "trop tôt"]) == 0
        assert "is in use again, petit@1 was before" in words(capsys)
        assert main(["model", "rollback"]) == 2
        assert "nothing to go back to" in words(capsys)
        lines = (tmp_path / "bundles" / "history.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["reason"] for line in lines] == ["essai", "trop tôt"]

    def test_evaluate_takes_a_name(
        self, installation: object, small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        install(small_folder)
        corpus = tmp_path / "corpus.jsonl"
        rows = [{"id": str(i), "text": f"Texte {i}", "incivility": i % 2} for i in range(6)]
        corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        assert main(["evaluate", "--corpus", str(corpus), "--bundle", "petit@1", "--json", "-"]) == 0
        assert json.loads(capsys.readouterr().out)["bundle"] == "petit@1"

    def test_refused_and_forced(
        self,
        installation: Callable[[tuple[Gate, ...]], None],
        small_folder: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        installation((Gate(name="identity", passed=False, current=0.01, candidate=0.2, detail="share"),))
        assert main(["model", "promote", str(small_folder)]) == 1
        assert "refused: petit@1 loses on identity; courtois-fr@" in words(capsys)
        assert main(["model", "promote", str(small_folder), "--force"]) == 2
        assert "needs a reason" in words(capsys)
        assert current() == SHIPPED
        assert main(["model", "promote", str(small_folder), "--force", "--reason", "essai"]) == 0
        assert "in spite of identity" in words(capsys)

    def test_damage_is_said_and_the_shipped_one_still_works(
        self, installation: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "bundles").mkdir()
        (tmp_path / "bundles" / "current.json").write_text("{", encoding="utf-8")
        assert main(["model", "show"]) == 2
        assert "--bundle shipped" in words(capsys)
        assert main(["model", "show", "shipped"]) == 0
        assert main(["model", "list"]) == 1
        assert words(capsys).startswith("# courtois-fr")


class TestWatch:
    """Shadow, map, drift: figures without text."""

    def test_shadow_changes_nothing_and_keeps_texts_back(
        self, installation: object, small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "shadow.json"
        assert main(["model", "shadow", str(small_folder), "-n", "50", "--json", str(out)]) == 0
        assert "on the last 50 comments" in words(capsys)
        report = json.loads(out.read_text(encoding="utf-8"))
        assert (report["n"], report["candidate"]) == (50, "petit@1")
        assert sum(report["actions"][a]["candidate"] for a in ("publish", "review", "hold")) == 50
        assert all("text" not in flip for flip in report["flips"])
        assert SECRET not in out.read_text(encoding="utf-8")
        assert current() == SHIPPED

    def test_text_is_shown_on_demand(
        self, installation: object, small_folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["model", "shadow", str(small_folder), "--text", "--json", "-"]) == 0
        assert all(SECRET in flip["text"] for flip in json.loads(capsys.readouterr().out)["flips"])

    def test_map(self, installation: object, small_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["model", "map", str(small_folder), "--json", "-"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert [row["threshold"] for row in report["policy"]] == ["review", "hold", "hold_intolerable"]
        assert main(["model", "map", str(small_folder)]) == 0
        shown = words(capsys)
        assert "same load" in shown
        assert "no recall: 20 comments were found uncivil, 40 are needed" in shown

    def test_drift(self, installation: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "drift.json"
        assert main(["model", "drift", "--json", str(out)]) == 0
        assert "unknown" in words(capsys)
        (day,) = json.loads(out.read_text(encoding="utf-8"))["days"]
        assert (day["comments"], day["decided"]["n"], day["decided"]["rejected"]) == (60, 40, 0.5)
        assert (day["basis"], day["blind"]["n"]) == ("decided", 0)
        assert main(["model", "drift", "--week", "-n", "10"]) == 0
        assert "saw the score before they answered" in words(capsys)
        assert main(["model", "drift", "-n", "0"]) == 2

    def test_nothing_to_look_at(
        self, installation: object, small_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        empty = str(tmp_path / "vide.sqlite3")
        Store.open(empty).close()
        told = ""
        for action in (["shadow", str(small_folder)], ["map", str(small_folder)], ["drift"]):
            assert main(["model", *action, "--store", empty]) == 2
            told += words(capsys)
            assert main(["model", *action, "--store", str(tmp_path / "absent")]) == 2
        assert main(["model", "shadow", str(small_folder), "-n", "0"]) == 2
        assert (told + words(capsys)).count("\n") == 7
        assert f"{empty}: no comment was scored yet; score a dump into it" in told
