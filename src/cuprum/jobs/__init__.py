"""The one door to the durable engine: declare workflows, launch, start, wait, list, resume.

Importing this room does not import the engine; `launch` does, because it costs a second and 66 MB.
"""

from cuprum.jobs.backoff import exponential
from cuprum.jobs.clock import Schedule
from cuprum.jobs.engine import Engine, launch
from cuprum.jobs.errors import NodeTaken, NoSuchRun, RunFailed, StepFailed
from cuprum.jobs.history import Failure, RunInfo, State, StepInfo
from cuprum.jobs.names import node_id, passing_id
from cuprum.jobs.queues import Queue, Rate
from cuprum.jobs.run import Run
from cuprum.jobs.workflow import Workflow, workflow

__all__ = [
    "Engine",
    "Failure",
    "NoSuchRun",
    "NodeTaken",
    "Queue",
    "Rate",
    "Run",
    "RunFailed",
    "RunInfo",
    "Schedule",
    "State",
    "StepFailed",
    "StepInfo",
    "Workflow",
    "exponential",
    "launch",
    "node_id",
    "passing_id",
    "workflow",
]
