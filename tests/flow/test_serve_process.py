"""The command as it is run: several processes, killed, promoted, stopped; and what is left on disk."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench import served
from bench.served import ROOT, Served
from data.store import Store


class Running(Served):
    """The service with a client."""

    def ask(self, text: str = "Merci", path: str = "/v1alpha1/comments:analyze", **more: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = {
            "comment": {"text": text},
            "requestedAttributes": {"TOXICITY": {}},
            "languages": ["fr"],
        } | more
        try:
            connection.request("POST", path, json.dumps(body))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


@contextmanager
def serving(tmp_path: Path, bundle: Path, *options: str) -> Iterator[Running]:
    with served.serving(tmp_path, "--bundle", str(bundle), *options) as one:
        yield Running(one.process, one.port, one.log)
    assert "Traceback" not in one.log.read_text()


@pytest.fixture
def linked(small_folder: Path, tmp_path: Path) -> Path:
    """A link to a bundle, pointed elsewhere to promote another."""
    link = tmp_path / "en-service"
    link.symlink_to(small_folder)
    return link


def promoted(link: Path, small_folder: Path) -> None:
    other = link.with_name("autre")
    shutil.copytree(small_folder, other)
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    (other / "manifest.json").write_text(json.dumps(manifest | {"version": "2"}), encoding="utf-8")
    aside = link.with_name("lien")
    aside.symlink_to(other)
    os.replace(aside, link)


def test_killed_worker_and_promotion_under_load(tmp_path: Path, linked: Path, small_folder: Path) -> None:
    """No wrong answer, no hang: a killed process may break its connections, nothing else."""
    wrong: list[object] = []
    done = threading.Event()
    answered: list[float] = []

    with serving(tmp_path, linked, "--workers", "2") as running:

        def load() -> None:
            while not done.is_set():
                try:
                    status, answer = running.ask("Quel abruti 😀")
                    value = answer["attributeScores"]["TOXICITY"]["summaryScore"]["value"]
                    answered.append(value)
                    if status != 200 or abs(value - answered[0]) > 1e-5:
                        wrong.append(answer)
                except (ConnectionError, http.client.HTTPException):
                    broken.append(time.monotonic())

        broken: list[float] = []
        until(lambda: len(running.workers()) == 2, "two workers")
        clients = [threading.Thread(target=load) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            until(lambda: len(answered) > 20, "answers")
            assert broken == []
            victim = running.workers()[0]
            os.kill(victim, signal.SIGKILL)
            until(lambda: len(running.workers()) == 2 and victim not in running.workers(), "a replacement")
            until(lambda: len(answered) > 60, "answers after the kill")
            cut = len(broken)
            assert cut <= len(clients)
            promoted(linked, small_folder)
            until(lambda: running.log.read_text().count("petit@2 answers") >= 2, "both promote")
            so_far = len(answered)
            until(lambda: len(answered) > so_far + 20, "answers after the promotion")
            assert len(broken) == cut, "promotion cuts nobody off"
        finally:
            done.set()
            for client in clients:
                client.join(30)
        assert running.ask(requestedAttributes={"TOXICITY@2": {}})[0] == 200
        assert running.ask(requestedAttributes={"TOXICITY@1": {}})[0] == 400
    assert wrong == []
    assert not any(client.is_alive() for client in clients)
    assert running.process.returncode == 0


def test_a_bad_bundle_changes_nothing(tmp_path: Path, linked: Path, small_folder: Path) -> None:
    with serving(tmp_path, linked, "--workers", "1") as running:
        bad = tmp_path / "faux"
        shutil.copytree(small_folder, bad)
        (bad / "weights.npz").write_bytes(b"no weights")
        os.utime(bad / "manifest.json", (1, 1))
        (tmp_path / "lien").symlink_to(bad)
        os.replace(tmp_path / "lien", linked)
        until(lambda: "the bundle stays petit@1" in running.log.read_text(), "it is refused")
        assert running.ask()[0] == 200


def test_what_was_taken_is_answered_before_the_end(tmp_path: Path, small_folder: Path) -> None:
    with serving(tmp_path, small_folder, "--workers", "1") as running:
        text = "Quel abruti ce connard. " * 40
        body = json.dumps(
            {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["fr"],
             "spanAnnotations": True}
        ).encode()  # fmt: skip
        with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
            connection.sendall(
                b"POST /comments:analyze HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            time.sleep(0.3)
            running.process.send_signal(signal.SIGTERM)
            received = b""
            while chunk := connection.recv(65_536):
                received += chunk
        assert received.startswith(b"HTTP/1.1 200 ")
        assert b'"summaryScore"' in received
        assert running.process.wait(30) == 0


def test_nothing_of_a_comment_or_key_is_left_behind(tmp_path: Path, small_folder: Path) -> None:
    """Searches every file the command may have written, and its log, while it runs and after."""
    command = [sys.executable, str(ROOT / "app.py"), "serve", "--new-key", "coral"]
    store_at = ["--store", str(tmp_path / "store.sqlite3")]
    made = subprocess.run(command + store_at, capture_output=True, text=True, check=True, cwd=ROOT)
    key = made.stdout.strip()
    secret = "Zorglubissime"

    def traces(needle: str) -> list[str]:
        files = [p for p in tmp_path.rglob("*") if p.is_file() and not p.is_symlink()]
        return [p.name for p in files if needle.encode() in p.read_bytes()]

    said = {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}}, "clientToken": "t"}
    with serving(tmp_path, small_folder, "--workers", "1", "--access-log") as running:
        for path in ("/comments:analyze", "/v1alpha1/comments:analyze"):
            for keep in (True, False):
                query = f"{path}?key={key}"
                assert running.ask(f"Quel {secret}", query, doNotStore=keep, sessionId=secret)[0] == 200
        assert running.ask(secret, f"/comments:analyze?key={key}{secret}")[0] == 400
        assert running.ask(secret, f"/{secret}?key={key}")[0] == 404
        assert running.ask(secret, f"/comments:suggestscore?key={key}", doNotStore=True, **said)[0] == 200
        assert "analyze 200" in running.log.read_text()
        assert traces(secret) == traces(key) == []
        assert running.ask("Gardez-moi", f"/comments:suggestscore?key={key}", **said)[0] == 200
        assert running.ask("Gardez-moi", f"/comments:suggestscore?key={key}", **said)[0] == 200
    assert traces(secret) == traces(key) == []
    with Store.open(str(tmp_path / "store.sqlite3")) as store:
        kept = [(c.text, c.labels.incivility, c.source) for c in store.labelled()]
    assert kept == [("Gardez-moi", 1, "wire")]
