"""How long to wait before a failed step is tried again."""

from cuprum.jobs import exponential


def test_waits_grow_to_the_longest_and_end_after_the_last_attempt():
    wait = exponential(attempts=5, first_seconds=1, factor=10, longest_seconds=50, jitter=0)
    assert [wait(OSError(), attempt) for attempt in range(1, 6)] == [1, 10, 50, 50, None]


def test_an_error_that_will_not_pass_is_not_tried_again():
    wait = exponential(attempts=5, when=lambda error: isinstance(error, OSError))
    assert wait(ValueError(), 1) is None
    assert wait(OSError(), 1) is not None


def test_a_thousand_attempts_do_not_overflow():
    assert exponential(attempts=5000, jitter=0)(OSError(), 4000) == 3600
