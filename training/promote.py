"""Put a candidate in use when it loses on no gate, and take it back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data.errors import BundleError, InputError
from model.bundle import Bundle, load_bundle
from model.installed import SHIPPED, current, install, pointed
from model.manifest import read_manifest
from model.promotions import Event, now, promoted, put_in_use, registry
from model.scorer import Scorer
from training.gates import Gate, measure_gates

Measure = Callable[[Bundle, Bundle], tuple[Gate, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What came of it: ``done`` is false when a gate refused."""

    bundle: str
    previous: str
    gates: tuple[Gate, ...]
    done: bool

    @property
    def lost(self) -> tuple[str, ...]:
        """Names of the gates that the candidate lost on."""
        return tuple(gate.name for gate in self.gates if gate.passed is False)


def promote(
    folder: Path,
    *,
    who: str,
    force: bool = False,
    reason: str = "",
    progress: Callable[[str], None],
    measure: Measure | None = None,
) -> Promotion:
    """Verify a candidate, run the gates against the bundle in use, install it and put it in use.

    A candidate that loses stays out, and nothing is copied, unless it is forced with a reason;
    the history keeps who did it, why, and what was lost.

    Raises
    ------
    InputError
        For force without a reason, or a candidate that is in use already.
    BundleError
        When a bundle cannot be trusted, the registry cannot be written, or another bundle was put
        in use meanwhile.
    """
    if force and not reason.strip():
        raise InputError("--force needs a reason", fix="say why with --reason: the history keeps it")
    before = promoted()
    present = current()
    candidate, running = load_bundle(folder), load_bundle(present)
    name, previous = candidate.manifest.full_name, running.manifest.full_name
    if name == previous:
        raise InputError(f"{name} is in use already", where=str(folder), fix="give another candidate")
    gates = (measure or _measured(progress))(candidate, running)
    result = Promotion(bundle=name, previous=previous, gates=gates, done=False)
    if result.lost and not force:
        return result
    place = install(folder)
    if promoted() != before:
        raise BundleError("another bundle was put in use meanwhile", where=name, fix="promote again")
    event = Event(
        at=now(),
        who=who,
        action="promote",
        bundle=name,
        previous=previous,
        reason=reason.strip(),
        forced=bool(result.lost),
        lost=result.lost,
    )
    put_in_use((*before, pointed(place)), event)
    return Promotion(bundle=name, previous=previous, gates=gates, done=True)


def rollback(*, who: str, reason: str = "") -> tuple[str, str]:
    """Go back to the bundle that was in use before; further each time, down to the shipped one.

    Returns
    -------
    str, str
        The bundle left, and the one in use now.

    Raises
    ------
    InputError
        When the shipped bundle is in use: there is nothing before it.
    BundleError
        When the bundle to go back to is damaged; nothing is changed.
    """
    stack = promoted()
    if not stack:
        raise InputError("the shipped bundle is in use: nothing to go back to")
    left, rest = stack[-1], stack[:-1]
    folder = registry() / rest[-1].bundle if rest else SHIPPED
    back = read_manifest(folder)
    if rest and pointed(folder) != rest[-1]:
        raise BundleError(
            "is not the bundle that was promoted", where=str(folder), fix="restore it, or promote another"
        )
    event = Event(
        at=now(),
        who=who,
        action="rollback",
        bundle=back.full_name,
        previous=left.bundle,
        reason=reason.strip(),
    )
    put_in_use(rest, event)
    return left.bundle, back.full_name


def _measured(progress: Callable[[str], None]) -> Measure:
    def measure(candidate: Bundle, running: Bundle) -> tuple[Gate, ...]:
        return measure_gates(candidate.manifest, Scorer(candidate), Scorer(running), progress)

    return measure
