"""What can go wrong with durable work.

CuprumError
├── NodeTaken      409  another live process has this executor id
└── NoSuchRun      404  no run has this id (or it was forgotten)
StepFailed              a step gave up; raised inside a workflow
RunFailed               a run that was waited for did not succeed
Interrupted             the engine stops or parks a run (not an Exception: a workflow cannot catch it by accident)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cuprum.kit.errors import Conflict, NotFound

if TYPE_CHECKING:
    from cuprum.jobs.history import Failure


class NodeTaken(Conflict):
    def __init__(self, executor_id: str) -> None:
        super().__init__(f"Another live process already works as {executor_id}; stop it or choose another node name")


class NoSuchRun(NotFound):
    def __init__(self, run_id: str) -> None:
        super().__init__(f"No run has the id {run_id}")


class StepFailed(Exception):
    """A step raised and will not be tried again: the same object whether the step ran now or is replayed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure

    @property
    def data(self) -> dict[str, Any]:
        """What the engine stores of this error, so that the original kind survives it."""
        return {"kind": self.failure.kind, "code": self.failure.code, "data": self.failure.data}


class RunFailed(StepFailed):
    def __init__(self, run_id: str, failure: Failure) -> None:
        super().__init__(failure)
        self.run_id = run_id


class Interrupted(BaseException):
    """This execution ends here and the run stays open: the engine resumes it from its last checkpoint."""
