"""Prometheus: what the web processes did, and how long the queue is."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client import REGISTRY as OWN_REGISTRY

from backend import current
from backend.accounts import access
from backend.database import session
from notifications import gate, outbox

REQUESTS = Counter("http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("http_request_seconds", "Time to answer", ["method", "route"])


def _registry() -> CollectorRegistry:
    # prometheus_client reads the same variable when it is imported, and then shares the numbers
    # of several processes through files in that folder.
    if current.settings().prometheus_multiproc_dir is None:
        return OWN_REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


def init_app(app: Flask) -> None:
    """Count every request by its route and serve the counts at /metrics."""

    @app.before_request
    def start_clock() -> None:
        g.metrics_started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        labels: dict[str, Any] = {
            "method": request.method,
            "route": str(request.url_rule) if request.url_rule else "none",
        }
        REQUESTS.labels(**labels, status=response.status_code).inc()
        if started := g.get("metrics_started"):
            SECONDS.labels(**labels).observe(time.perf_counter() - started)
        return response

    @app.get("/metrics")
    @access.anyone
    def metrics() -> Response:
        """Counts in Prometheus' text format; no personal data."""
        text = generate_latest(_registry()) + generate_latest(_queue())
        return Response(text, content_type=CONTENT_TYPE_LATEST)


def _queue() -> CollectorRegistry:
    # The queue is one for all processes, so it is read from the database when it is asked for.
    registry = CollectorRegistry()
    jobs = Gauge("outbox_jobs", "Jobs that wait or were given up", ["state"], registry=registry)
    for state, count in outbox.backlog(session).items():
        jobs.labels(state=state).set(count)
    shut = Gauge("push_gate_shut", "That no push goes out, and why", ["reason"], registry=registry)
    if closed := gate.shut(session):
        shut.labels(reason=closed.reason).set(1)
    return registry
