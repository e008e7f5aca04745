"""Queues, declared without the engine: how much of something may happen at once, or in a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """At most `limit` starts in any `seconds`."""

    limit: int
    seconds: float


@dataclass(frozen=True)
class Queue:
    """Limits of a queue over all nodes, on one node, and for each partition.

    A queue with a `partition_*` limit is partitioned: each start names its partition, and cannot be `unique`.
    """

    name: str
    concurrency: int | None = None
    node_concurrency: int | None = None
    rate: Rate | None = None
    partition_concurrency: int | None = None
    partition_rate: Rate | None = None

    @property
    def is_partitioned(self) -> bool:
        return self.partition_concurrency is not None or self.partition_rate is not None
