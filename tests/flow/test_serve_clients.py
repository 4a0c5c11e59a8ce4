"""Perspective's own clients, unmodified but for the address."""

import json
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_rig import Rig, running

ROOT = Path(__file__).resolve().parents[2]
NPM = ROOT / "bench" / "out" / "npm" / "node_modules" / "perspective-api-client"
REQUEST = {
    "comment": {"text": "Quel abruti, ce maire."},
    "requestedAttributes": {"TOXICITY": {}, "INSULT": {}},
    "languages": ["fr"],
}


@pytest.fixture(scope="module")
def rig(small_folder: Path) -> Iterator[Rig]:
    with running(small_folder) as found:
        yield found


def test_google_api_python_client(rig: Rig) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies', at import
        discovery = pytest.importorskip("googleapiclient.discovery")
        errors = pytest.importorskip("googleapiclient.errors")
        client = discovery.build(
            "commentanalyzer",
            "v1alpha1",
            developerKey="cle",
            discoveryServiceUrl=f"http://127.0.0.1:{rig.port}/$discovery/rest?version=v1alpha1",
            static_discovery=False,
        )
        try:
            answer = client.comments().analyze(body=REQUEST).execute()
            assert 0 <= answer["attributeScores"]["INSULT"]["summaryScore"]["value"] <= 1
            suggestion = {
                "comment": {"text": "Merci"}, "clientToken": "t",
                "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0}}},
            }  # fmt: skip
            assert client.comments().suggestscore(body=suggestion).execute()["clientToken"] == "t"
            with pytest.raises(errors.HttpError) as refused:
                client.comments().analyze(body={**REQUEST, "requestedAttributes": {"NICE": {}}}).execute()
            assert refused.value.status_code == 400
            assert refused.value.reason == "Unknown requested attribute: NICE"
        finally:
            client.close()


def test_discovery_names_the_address_it_was_asked_at(rig: Rig) -> None:
    for prefix in ("", "/t/mon-site"):
        status, _, document = rig.send(f"{prefix}/$discovery/rest?version=v1alpha1", None)
        assert status == 200
        assert document["rootUrl"] == f"http://127.0.0.1:{rig.port}{prefix}/"
        path = document["resources"]["comments"]["methods"]["analyze"]["path"]
        assert rig.send(f"{prefix}/{path}", REQUEST)[0] == 200
    _, _, document = rig.send("/$discovery/rest", None, Host="evil<script>")
    assert document["rootUrl"] == f"http://127.0.0.1:{rig.port}/"


def test_perspective_python_client(rig: Rig) -> None:
    perspective = pytest.importorskip("perspective")
    client = perspective.PerspectiveAPI("cle")
    client.api_client.url = f"http://127.0.0.1:{rig.port}/v1alpha1/{{endpoint}}"
    text = "Quel abruti, ce maire."
    scores = client.score(text, tests=["TOXICITY", "INSULT"])
    assert set(scores) == {"TOXICITY", "INSULT"}
    assert all(0 <= value <= 1 for value in scores.values())
    answer = client.analyze_comment(
        text, context=[{"text": "La piscine"}], span_annotations=True, do_not_store=True, client_token="t",
        session_id="s", community_id="c",
    )  # fmt: skip
    assert answer["clientToken"] == "t"
    assert len(answer["attributeScores"]["TOXICITY"]["spanScores"]) > 1
    said = client.suggest_score(text, {"TOXICITY": {"summaryScore": {"value": 1.0}}}, client_token="t")
    assert said["clientToken"] == "t"
    assert rig.kept[-1].comment.labels.incivility == 1


def test_perspective_npm_client(rig: Rig) -> None:
    node = shutil.which("node")
    if node is None or not NPM.is_dir():
        pytest.skip(
            "needs node, and the client: npm install --prefix bench/out/npm perspective-api-client@3.1.0"
        )
    ran = subprocess.run(
        [node, str(ROOT / "bench" / "npm_client.cjs"), str(NPM), f"http://127.0.0.1:{rig.port}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert 0 <= answer["scored"]["attributeScores"]["TOXICITY"]["summaryScore"]["value"] <= 1
    assert answer["refused"] == "Unknown requested attribute: NICE"
