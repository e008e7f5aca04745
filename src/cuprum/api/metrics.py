"""`/metrics`: what Prometheus asks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection, func, select
from starlette.requests import Request
from starlette.responses import Response

from cuprum.storage.database import Database
from cuprum.storage.dialect import database_bytes
from cuprum.storage.event_tables import change, delivery, handoff

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# 0.2 s is the longest that one is to take.
WRITE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

Gauge = tuple[str, str, dict[str, float]]


class Metrics:
    """Counts requests as they end; the rest is looked up when somebody asks."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self._requests = Counter("cuprum_requests", "Requests answered.", (*labels, "status"), registry=self._registry)
        self._seconds = Histogram("cuprum_request_seconds", "Time to answer.", labels, buckets=BUCKETS, registry=self._registry)
        words = "Time of a write transaction, during which SQLite's other writers wait."
        self._transactions = Histogram("cuprum_write_transaction_seconds", words, buckets=WRITE_BUCKETS, registry=self._registry)
        # Without labels, its own method is all that the writer needs to know.
        self.count_transaction = self._transactions.observe
        # Kept: to look one up by its labels takes as long as to count.
        self._requests_of, self._seconds_of = cache(self._requests.labels), cache(self._seconds.labels)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        # A method is the client's to invent; a label is not.
        method = method if method in _METHODS else "other"
        self._requests_of(method, route, status).inc()
        self._seconds_of(method, route).observe(seconds)

    async def answer(self, request: Request) -> Response:
        database: Database = request.app.state.cuprum.database
        gauges: list[Gauge] = [
            ("cuprum_writer_queue", "Writes that wait for their turn.", {"": database.writer.waiting}),
            ("cuprum_readers_busy", "Readers at work.", {"": database.readers_busy}),
        ]
        stored = await database.read(_stored)
        return Response(self._text([*gauges, *stored]), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _text(self, gauges: list[Gauge]) -> bytes:
        return generate_latest(self._registry) + generate_latest(_Asked(gauges))


class _Asked(CollectorRegistry):
    """Gauges whose values were read for this one answer."""

    def __init__(self, gauges: list[Gauge]) -> None:
        super().__init__()
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, words, values in self._gauges:
            labels = ["state"] if any(values) else None
            family = GaugeMetricFamily(name, words, labels=labels)
            for state, value in values.items():
                family.add_metric([state] if labels else [], value)
            yield family


def _stored(connection: Connection) -> list[Gauge]:
    counted = connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
    deliveries: dict[str, float] = {row[0]: row[1] for row in counted}
    newest = connection.execute(select(func.coalesce(func.max(change.c.seq), 0))).scalar_one()
    waiting = connection.execute(select(func.count()).select_from(handoff)).scalar_one()
    return [
        ("cuprum_database_bytes", "Size of the database.", {"": database_bytes(connection)}),
        ("cuprum_change_seq", "Number of the newest change.", {"": newest}),
        ("cuprum_handoffs", "Changes that wait for the engine.", {"": waiting}),
        ("cuprum_webhook_deliveries", "Webhook deliveries by state.", deliveries),
    ]
