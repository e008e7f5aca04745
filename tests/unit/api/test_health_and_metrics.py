"""`/healthz` and `/metrics`: what those who keep it running ask for."""

from __future__ import annotations

import threading

from cuprum.api import health
from installation import Installation
from patience import PATIENCE_SECONDS


def test_health_is_ok_while_the_database_answers(cuprum: Installation) -> None:
    answer = cuprum.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert cuprum.client.head("/healthz").status_code == 200


def test_health_says_within_its_patience_that_the_database_hangs(cuprum: Installation, monkeypatch) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    hanging = threading.Event()
    monkeypatch.setattr(health, "_answers", lambda connection: hanging.wait(PATIENCE_SECONDS))
    answer = cuprum.client.get("/healthz")
    hanging.set()
    assert answer.status_code == 503
    assert "did not answer" in answer.json()["reason"]


def test_metrics_count_requests_by_route_and_not_by_path(cuprum: Installation) -> None:
    for number in range(3):
        cuprum.ada.post("/people", {"name": f"Person {number}"})
    cuprum.ada.get("/people/1")
    cuprum.ada.get("/people/2/")
    cuprum.ada.refused("GET", "/people/999", status=404)
    cuprum.client.get("/nowhere/at/all")
    text = cuprum.client.get("/metrics").text
    route = 'route="/developer_api/v1/people/{id}"'
    assert f'cuprum_requests_total{{method="GET",{route},status="200"}} 2.0' in text
    assert f'cuprum_requests_total{{method="GET",{route},status="404"}} 1.0' in text
    assert f'cuprum_request_seconds_count{{method="GET",{route}}} 3.0' in text
    assert 'cuprum_requests_total{method="GET",route="none",status="404"} 1.0' in text
    assert "/people/1" not in text


def test_metrics_tell_how_the_database_is(cuprum: Installation) -> None:
    cuprum.ada.post("/people", {"name": "Elena Costa"})
    read = dict(line.rsplit(" ", 1) for line in cuprum.client.get("/metrics").text.splitlines() if not line.startswith("#"))
    assert float(read["cuprum_change_seq"]) >= 1
    assert float(read["cuprum_database_bytes"]) > 100_000
    assert float(read["cuprum_writer_queue"]) == 0
    assert float(read["cuprum_readers_busy"]) >= 0
    assert "cuprum_handoffs" in read


def test_metrics_time_each_write_transaction_and_no_read(cuprum: Installation) -> None:
    def timed() -> float:
        lines = dict(line.rsplit(" ", 1) for line in cuprum.client.get("/metrics").text.splitlines() if not line.startswith("#"))
        return float(lines["cuprum_write_transaction_seconds_count"])

    before = timed()
    cuprum.ada.post("/people", {"name": "Elena Costa"})
    cuprum.ada.get("/people/1")
    assert timed() == before + 1


def test_webhook_deliveries_are_counted_by_their_state(cuprum: Installation) -> None:
    from sqlalchemy import insert

    from cuprum.storage.event_tables import delivery, webhook

    def deliver(connection) -> None:
        values = {"user_id": cuprum.ada.id, "target": "https://x.example", "type": "lead", "event": "new", "mode": "copper"}
        connection.execute(insert(webhook).values(id=1, custom_field_computed_values=False, created_at=1, **values))
        for number, state in enumerate(("done", "done", "waiting")):
            connection.execute(insert(delivery).values(id=str(number), webhook_id=1, at=1, body="{}", state=state, attempts=1))

    cuprum.database.write_now(deliver)
    text = cuprum.client.get("/metrics").text
    assert 'cuprum_webhook_deliveries{state="done"} 2.0' in text
    assert 'cuprum_webhook_deliveries{state="waiting"} 1.0' in text
