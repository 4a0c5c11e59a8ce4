"""What the service counts, over all its processes, in Prometheus' text format."""

import os
import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable read by the library when it is first imported: where processes share figures."""

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

SLOW: Final = 0.8
"""Seconds after which Coral gives up, and lets the comment pass unscored."""

_BUCKETS: Final = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2, 0.4, SLOW, 1.6, 5.0)


class Metrics:
    """Counters of one process; ``text`` gives the sums."""

    def __init__(self) -> None:
        own = self._own = CollectorRegistry()
        self.requests = Counter(
            "courtois_requests", "Answered requests", ["method", "status", "key"], registry=own
        )
        self.attributes = Counter(
            "courtois_attributes", "Requested attributes", ["attribute", "status", "key"], registry=own
        )
        self.errors = Counter("courtois_errors", "Answers other than 200, by kind", ["kind"], registry=own)
        self.seconds = Histogram(
            "courtois_request_seconds",
            "From the first byte of a request's body to its answer",
            ["method"],
            buckets=_BUCKETS,
            registry=own,
        )
        self.slow = Counter("courtois_slow_requests", "Requests over 800 ms", ["method"], registry=own)
        self.queue = Gauge(
            "courtois_queue_depth",
            "Comments that wait",
            ["lane"],
            multiprocess_mode="livesum",
            registry=own,
        )
        self.last = Gauge(
            "courtois_last_request_timestamp_seconds",
            "When a request was last answered",
            ["method"],
            multiprocess_mode="max",
            registry=own,
        )
        self.reloads = Counter("courtois_bundle_reloads", "Bundles promoted", ["outcome"], registry=own)

    def observe(self, method: str, status: int, key: str, seconds: float, kind: str) -> None:
        """Count one answered request."""
        self.requests.labels(method, str(status), key).inc()
        if kind:
            self.errors.labels(kind).inc()
        self.seconds.labels(method).observe(seconds)
        if seconds > SLOW:
            self.slow.labels(method).inc()
        self.last.labels(method).set(time.time())

    def text(self, bundle: str) -> bytes:
        """All processes' figures, the share of slow requests, and the bundle of this process."""
        registry = self._own
        if os.environ.get(FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        total = slow = 0.0
        for family in registry.collect():
            for sample in family.samples:
                asked = sample.labels.get("method") == "analyze"
                total += sample.value if asked and sample.name == "courtois_requests_total" else 0
                slow += sample.value if asked and sample.name == "courtois_slow_requests_total" else 0
        tail = (
            "# HELP courtois_slow_ratio Share of analyze requests over 800 ms\n"
            "# TYPE courtois_slow_ratio gauge\n"
            f"courtois_slow_ratio {slow / total if total else 0.0}\n"
            "# HELP courtois_bundle_info The bundle that answers\n"
            "# TYPE courtois_bundle_info gauge\n"
            f'courtois_bundle_info{{bundle="{_escaped(bundle)}"}} 1\n'
        )
        return bytes(generate_latest(registry)) + tail.encode()


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
