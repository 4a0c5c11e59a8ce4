"""Weights that somebody forged: nothing in them is run, unpacked without bound or trusted."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundle_damage import refused

from model import arrays as arrays_module
from model.bundle import load_bundle
from model.manifest import MANIFEST, WEIGHTS

Resign = Callable[[Path], None]


def reweigh(folder: Path, resign: Resign, **changed: Any) -> None:
    """Replace arrays (``None`` drops one) and sign the result; ``__`` in a name stands for its dot."""
    with np.load(folder / WEIGHTS) as archive:
        held = {name: archive[name] for name in archive.files}
    held |= {name.replace("__", "."): value for name, value in changed.items()}
    np.savez_compressed(folder / WEIGHTS, **{k: v for k, v in held.items() if v is not None})
    resign(folder)


class Harmful:
    """Unpickling it leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.trace),)


def forged(header: bytes, content: bytes = b"") -> bytes:
    """An array file of version 1.0 with any header."""
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + content


class TestForgedWeights:
    def test_pickled_objects_are_not_run(self, folder: Path, resign: Resign, tmp_path: Path) -> None:
        trace = tmp_path / "executed"
        reweigh(folder, resign, chars__idf=np.array([Harmful(trace)], object))
        refused(folder, WEIGHTS)
        assert not trace.exists()

    @pytest.mark.parametrize(
        ("name", "damage"),
        [
            ("chars__idf", None),
            ("incivility__gammas", None),
            ("stance__names", None),
            ("chars__idf", lambda a: a[:-1]),
            ("chars__idf", lambda a: a[:, None]),
            ("chars__idf", lambda a: a.astype(np.int32)),
            ("chars__idf", lambda a: a.astype("S4")),
            ("lexical__mean", lambda a: np.append(a, a[:1])),
            ("incivility__chars", lambda a: a[:, :-1]),
            ("stance__landmarks", lambda a: a[:-1]),
            ("stance__landmarks", lambda a: a[0, 0]),
            ("stance__alphas", lambda a: a * np.nan),
            ("incivility__intercepts", lambda a: a + np.inf),
            ("incivility__intercepts", lambda a: a.astype(np.float64) + 1e300),
            ("incivility__shifts", None),
            ("incivility__shifts", lambda a: a[:-1]),
            ("incivility__units", lambda a: a[:, 1:]),
            ("incivility__units", lambda a: a * np.nan),
            ("incivility__outputs", None),
            ("incivility__outputs", lambda a: a[:, :-1]),
            ("stance__gammas", lambda a: a[:, None]),
            ("stance__names", lambda a: a[::-1]),
            ("stance__names", lambda a: a[0]),
            ("incivility__names", lambda a: np.append(a, "x")),
            ("incivility__names", lambda a: np.zeros(len(a))),
        ],
    )
    def test_arrays_that_do_not_fit(
        self, folder: Path, resign: Resign, name: str, damage: Callable[[Any], Any] | None
    ) -> None:
        with np.load(folder / WEIGHTS) as archive:
            held = archive[name.replace("__", ".")]
        reweigh(folder, resign, **{name: None if damage is None else damage(held)})
        refused(folder, "weights do not fit the format")

    @pytest.mark.parametrize(
        "member",
        [
            b"",
            b"no array",
            b"\x93NUMPY\x09\x09",
            forged(b"{"),
            forged(b"(" * 9000),
            forged(b"-" * 9000 + b"1"),
            forged(b"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999,), }\n"),
            forged(b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n"),
            forged(b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"\x80\x04K\x01."),
        ],
        ids=lambda member: repr(member[:24]),
    )
    def test_members_that_are_no_arrays(self, folder: Path, resign: Resign, member: bytes) -> None:
        with zipfile.ZipFile(folder / WEIGHTS, "w") as archive:
            archive.writestr("chars.idf.npy", member)
        resign(folder)
        refused(folder, WEIGHTS)

    @pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"x" * 1000])
    def test_no_archive(self, folder: Path, resign: Resign, content: bytes) -> None:
        (folder / WEIGHTS).write_bytes(content)
        resign(folder)
        refused(folder, WEIGHTS, "no array file")

    def test_damaged_deflate_stream(self, folder: Path, resign: Resign) -> None:
        content = bytearray((folder / WEIGHTS).read_bytes())
        content[200:400] = b"\xff" * 200
        (folder / WEIGHTS).write_bytes(content)
        resign(folder)
        refused(folder, WEIGHTS)

    def test_bomb_is_refused_before_it_is_unpacked(
        self, folder: Path, resign: Resign, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(arrays_module, "_LARGEST_UNPACKED", 1 << 20)
        monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
        with zipfile.ZipFile(folder / WEIGHTS, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("chars.idf.npy", bytes(2 << 20))
        assert (folder / WEIGHTS).stat().st_size < 10_000
        resign(folder)
        refused(folder, WEIGHTS, "unpacks to more")

    def test_paths_in_the_archive_write_nothing(self, folder: Path, resign: Resign) -> None:
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.zeros(3))
        with zipfile.ZipFile(folder / WEIGHTS, "a") as archive:
            archive.writestr("../../evade.npy", buffer.getvalue())
        resign(folder)
        load_bundle(folder)
        assert not list(folder.parents[1].rglob("evade*"))


@pytest.mark.parametrize("place", ["format", "thresholds", "metrics", "tiers"])
def test_an_endless_number_is_refused_wherever_it_stands(folder: Path, place: str) -> None:
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    content[place] = 10**400 if place == "format" else {**content[place], "endless": 10**400}
    path.write_text(json.dumps(content), encoding="utf-8")
    refused(folder, MANIFEST, "endless number")
