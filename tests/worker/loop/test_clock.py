"""Where a worker's time goes: what its clock counts, and what is left of it when the worker dies."""

import threading

import pytest

from hpsearch.store import Activity, Ledger
from hpsearch.worker import Stop, work
from hpsearch.worker.environment import environment
from hpsearch.worker.loop.clock import Clock


@pytest.fixture
def ticks():
    """Return a clock and the list whose first entry is what it reads as the time."""
    time = [0.0]
    return Clock(now=lambda: time[0]), time


def test_the_seconds_of_each_activity_add_up(ticks):
    """Time outside of every activity is nobody's."""
    clock, time = ticks
    for activity, seconds in ((Activity.TRAINING, 3.0), (Activity.IDLE, 1.0), (Activity.TRAINING, 0.5)):
        with clock.on(activity):
            time[0] += seconds
        time[0] += 10.0
    assert clock.spent() == {
        "training": 3.5,
        "database": 0.0,
        "proposals": 0.0,
        "idle": 1.0,
        "judging": 0.0,
    }


def test_what_is_under_way_counts(ticks):
    """A heartbeat in the middle of a long training tells of it; the end does not count it twice."""
    clock, time = ticks
    with clock.on(Activity.TRAINING):
        time[0] = 4.0
        assert clock.spent()["training"] == 4.0
    assert clock.spent()["training"] == 4.0


def test_an_error_ends_an_activity(ticks):
    """The time of a training that failed is time all the same."""
    clock, time = ticks

    def fail():
        with clock.on(Activity.TRAINING):
            time[0] = 2.0
            raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        fail()
    time[0] = 9.0
    assert clock.spent()["training"] == 2.0


def test_a_reader_in_another_thread_never_sees_time_go_back():
    """The heartbeat reads while the worker changes what it does."""
    clock, seen, end = Clock(), [0.0], threading.Event()

    def read():
        while not end.is_set():
            seen.append(sum(clock.spent().values()))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(2000):
        for activity in Activity:
            with clock.on(activity):
                pass
    end.set()
    reader.join()
    assert seen == sorted(seen)


def test_who_reads_while_an_activity_ends_reads_its_end():
    """A reader that comes between the worker's look at the time and what follows from it must wait."""
    times, found = iter([0.0, 2.0, 3.0]), []
    reader = threading.Thread(target=lambda: found.append(clock.spent()["training"]))

    def now():
        time = next(times)
        if time == 2.0:
            reader.start()
            reader.join(0.1)
        return time

    clock = Clock(now)
    with clock.on(Activity.TRAINING):
        pass
    reader.join()
    assert found == [clock.spent()["training"]] == [2.0]


def test_the_environment_names_versions_and_machine():
    """What a result may depend on is there; it is found out once."""
    found = environment()
    names = {
        "hpsearch",
        "code",
        "numpy",
        "scipy",
        "optuna",
        "sqlalchemy",
        "python",
        "blas",
        "blas_core",
        "blas_threads",
        "simd",
        "machine",
        "libc",
        "platform",
        "cores",
    }
    assert set(found) == names
    assert found["numpy"][0].isdigit()
    assert environment() is found


@pytest.mark.usefixtures("spec")
def test_a_worker_stores_where_its_time_went(ledger, study):
    """Search and confirmation have their own figures, which do not exceed the time there was."""
    assert work(ledger, study.name, stop=Stop()) is not None
    for part in (study, ledger.companion(study)):
        (worker,) = ledger.workers(part)
        assert set(worker.spent) == set(Activity)
        assert worker.spent["training"] > 0
        assert worker.spent["database"] > 0
        assert sum(worker.spent.values()) <= worker.ended_at - worker.started_at + 0.05
        assert worker.beat_at == worker.ended_at
        assert worker.environment == environment()


def test_a_killed_worker_keeps_the_figures_of_its_last_beat(ledger, study, claims):
    """Whoever buries it does not touch them; a beat that knows nothing leaves them."""
    worker_id, mine = claims
    ledger.report(worker_id, [(claim, ()) for claim in mine], spent={"training": 5.0})
    ledger.beat(worker_id)
    ledger.bury([worker_id])
    with_another = Ledger(ledger.database.secret_url)
    (worker,) = with_another.workers(study)
    with_another.close()
    assert worker.spent == {"training": 5.0}
    assert worker.ended_at is not None
