"""After a promotion all processes read one copy of the new bundle's arrays."""

import re
from pathlib import Path

from test_serve_process import promoted, serving, until

WORKERS = 3
ARRAYS = ("incivility.chars", "incivility.words", "stance.chars", "space.chars")


def memory(pid: int) -> int:
    """Proportional share of all memory, in bytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    assert found
    return int(found[1]) * 1024


def test_promotion_costs_one_copy_for_all(tmp_path: Path, small_folder: Path) -> None:
    link = tmp_path / "en-service"
    link.symlink_to(small_folder)
    with serving(tmp_path, link, "--workers", str(WORKERS)) as running:
        for number in range(30):
            assert running.ask(f"Merci {number}")[0] == 200
        before = [memory(pid) for pid in running.workers()]
        promoted(link, small_folder)
        until(lambda: running.log.read_text().count("petit@2 answers") == WORKERS, "all promote")
        for number in range(30):
            assert running.ask(f"Quel abruti {number}")[0] == 200
        maps = [Path(f"/proc/{pid}/maps").read_text() for pid in running.workers()]
        for name in ARRAYS:
            assert all(f"{name}.npy" in held for held in maps), name
        copy = sum(path.stat().st_size for path in (tmp_path / "tmp").rglob("*.npy"))
        assert copy > 15 * 2**20

        def grown() -> int:
            return sum(map(memory, running.workers())) - sum(before)

        # One copy for all, and some memory that loading leaves behind in each process: a copy each
        # would come on top of that, and make it five.
        until(lambda: grown() < 3.5 * copy, "no copy each")
