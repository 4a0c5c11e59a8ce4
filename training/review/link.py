"""How the link to the comment system fares: figures of ``courtois serve``, and a test of it."""

import json
import math
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from data.errors import CourtoisError

SERVICE: Final = "COURTOIS_SERVICE"
"""Environment variable: address of the service."""

DEFAULT: Final = "http://127.0.0.1:8700"

_TIMEOUT: Final = 5.0
_LARGEST: Final = 4_000_000
_PROBE: Final = "Merci pour cet article, il est très clair."

_START: Final = (
    "Pour le lancer : courtois serve (inutile si aucun système de commentaires ne lui demande de scores)."
)


class LinkError(CourtoisError):
    """The service does not answer as it should; said in French."""

    def __str__(self) -> str:
        said = f"{self.where} {self.what}".strip()
        return f"{said}. {self.fix}" if self.fix else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Figures of ``analyze`` since the service was started; times in milliseconds, of 1970 for ``last``.

    ``p50`` and ``p99`` are read off a histogram: the true value lies in the same of its bins;
    infinite means beyond the last bin. ``slow`` is the share that took more than 800 ms.
    """

    bundle: str = ""
    total: int = 0
    last: float | None = None
    p50: float | None = None
    p99: float | None = None
    slow: float = 0.0
    waiting: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """A test comment's score and how long its answer took, in milliseconds."""

    score: float
    milliseconds: float


def address() -> str:
    """Where the service is."""
    return os.environ.get(SERVICE, "").strip() or DEFAULT


def health(base: str) -> Health:
    """Ask the service for its figures.

    Raises
    ------
    LinkError
        When it cannot be reached or is no courtois.
    """
    return read(_fetch(f"{_checked(base)}/metrics", None).decode("utf-8", "replace"), base)


def probe(base: str, key: str) -> Probe:
    """Send a comment as Coral would, to be scored and not stored.

    Raises
    ------
    LinkError
        When it is not answered with a score; the message is the service's own.
    """
    query = "?" + urllib.parse.urlencode({"key": key}) if key else ""
    content = {
        "comment": {"text": _PROBE},
        "doNotStore": True,
        "requestedAttributes": {"TOXICITY": {}},
        "languages": ["fr"],
    }
    begun = time.perf_counter()
    answer = _fetch(f"{_checked(base)}/v1alpha1/comments:analyze{query}", json.dumps(content).encode())
    taken = 1000 * (time.perf_counter() - begun)
    try:
        score = float(json.loads(answer)["attributeScores"]["TOXICITY"]["summaryScore"]["value"])
    except (ValueError, KeyError, TypeError) as error:
        raise LinkError("la réponse ne contient pas de score", where=base) from error
    return Probe(score, taken)


def read(text: str, where: str = "") -> Health:
    """Read the figures out of Prometheus' text.

    Raises
    ------
    LinkError
        When the text is something else.
    """
    sums: dict[tuple[str, str, str], float] = {}
    try:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = sample.labels
                about = (
                    labels.get("key") or labels.get("kind") or labels.get("le") or labels.get("bundle") or ""
                )
                at = (sample.name, labels.get("method", ""), about)
                sums[at] = sums.get(at, 0.0) + sample.value
    except (ValueError, IndexError, KeyError) as error:
        raise LinkError("répond autre chose que des mesures", where=where) from error
    bundles = [about for name, _, about in sums if name == "courtois_bundle_info"]
    if not bundles:
        raise LinkError("n’est pas un service courtois", where=where)

    def by(name: str, method: str) -> dict[str, int]:
        found = {about: int(value) for (n, m, about), value in sums.items() if (n, m) == (name, method)}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    keys = by("courtois_requests_total", "analyze")
    bins = {
        float(about): value
        for (name, method, about), value in sums.items()
        if (name, method) == ("courtois_request_seconds_bucket", "analyze")
    }
    last = sums.get(("courtois_last_request_timestamp_seconds", "analyze", ""))
    return Health(
        bundle=bundles[0],
        total=sum(keys.values()),
        last=last or None,
        p50=quantile(bins, 0.5),
        p99=quantile(bins, 0.99),
        slow=sums.get(("courtois_slow_ratio", "", ""), 0.0),
        waiting=int(sum(v for (name, _, _), v in sums.items() if name == "courtois_queue_depth")),
        errors=by("courtois_errors_total", ""),
        keys=keys,
        suggestions=sum(by("courtois_requests_total", "suggestscore").values()),
    )


def quantile(bins: Mapping[float, float], share: float) -> float | None:
    """Estimate a quantile from cumulative bins, in milliseconds; ``None`` without any request.

    >>> quantile({0.01: 50, 0.02: 100, math.inf: 100}, 0.75)
    15.0
    """
    ordered = sorted(bins.items())
    if not ordered or ordered[-1][1] <= 0:
        return None
    wanted = share * ordered[-1][1]
    low, below = 0.0, 0.0
    for bound, count in ordered:
        if count >= wanted:
            if math.isinf(bound):
                return math.inf
            inside = (wanted - below) / (count - below) if count > below else 1.0
            return round(1000 * (low + (bound - low) * inside), 1)
        low, below = bound, count
    return math.inf


def _checked(base: str) -> str:
    try:
        parts = urllib.parse.urlsplit(base.strip())
    except ValueError as error:
        raise LinkError("n’est pas une adresse", where=base[:80], fix=f"Par exemple : {DEFAULT}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LinkError("n’est pas une adresse", where=base[:80], fix=f"Par exemple : {DEFAULT}")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def _fetch(url: str, body: bytes | None) -> bytes:
    where = url.partition("?")[0]
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return bytes(answer.read(_LARGEST))
    except urllib.error.HTTPError as error:
        with error:
            raise LinkError(f"répond {error.code} : {_message(error.read(10_000))}", where=where) from error
    except (OSError, ValueError) as error:
        raise LinkError("ne répond pas", where=where, fix=_START) from error


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return "sans explication"
