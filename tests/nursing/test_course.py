"""The course of a nursing: where it goes back to is where it was, whatever is kept in memory."""

import hashlib

import pytest

from hpsearch.nn import MLPConfig
from hpsearch.nn.training.divergence import LOSS_ALONE
from hpsearch.nn.training.steered import SteeredTraining
from hpsearch.nursing.course import Course
from hpsearch.store import Intervention, InterventionKind
from tests.nn.training.rows import make_data

CONFIG = MLPConfig(hidden=(5,), lr=0.05, dropout=0.2, batch_size=4)


def course(**more):
    """Return the course of a training of a few rows."""
    data = make_data(n=14, d=3, outputs=3)
    training = SteeredTraining(CONFIG, seed=3, data=data, divergence=LOSS_ALONE)
    return Course(training, sign=1.0, **more)


def do(where, kind, **settings):
    """Make an intervention where a course stands."""
    where.apply(
        Intervention(
            sequence=0, part=where.part, epoch=where.epoch, kind=InterventionKind(kind), settings=settings
        )
    )


def ran(where, epochs):
    """Train epochs; return the digests of the parameters after them."""
    return [where.advance().digest for _ in range(epochs)]


@pytest.mark.parametrize("kept_bytes", [0, 1 << 30])
def test_what_is_not_kept_is_trained_again_to_the_same_bits(kept_bytes):
    """Memory changes no bit: changes on the way are made again, too."""
    way = course(kept_bytes=kept_bytes)
    ran(way, 3)
    do(way, "set", lr=0.01)
    expected = ran(way, 8)
    ran(way, 9)
    do(way, "rewind", to=3)
    assert (way.part, way.epoch, way.config.lr) == (1, 3, 0.05)
    do(way, "set", lr=0.01)
    assert ran(way, 8) == expected
    first, again = way.networks(2)[0], way.networks(2)[0]
    assert (first.parameters == again.parameters).all()
    assert way.epoch == 11
    assert ran(way, 1) != ran(way, 1)


def test_states_are_thinned_where_they_take_too_much():
    """The first, the last and every other one between stay."""
    way = course(kept_bytes=0)
    ran(way, 50)
    assert len(way._states) <= 5
    assert {0, 50} <= set(way._states)


def test_an_epoch_that_diverges_leaves_the_course_where_it_was():
    """A new part begins; what was changed before it still holds."""
    way = course()
    ran(way, 2)
    do(way, "set", lr=1e30)
    lost = way.advance()
    assert lost.diverged
    assert (lost.part, lost.epoch, lost.value) == (0, 3, None)
    assert (way.part, way.epoch, way.diverged, way.config.lr) == (1, 2, True, 1e30)
    do(way, "set", lr=0.05)
    other = course()
    assert not way.diverged
    assert ran(way, 2) == ran(other, 4)[2:]


def test_pauses_branches_and_stops_change_no_training():
    """They are facts about a person, not about the network."""
    way, other = course(), course()
    for kind in ("pause", "branch", "stop"):
        assert ran(way, 1) == ran(other, 1)
        do(way, kind)
    assert ran(way, 2) == ran(other, 2)


@pytest.mark.parametrize("kept_bytes", [0, 1 << 30])
def test_a_change_that_was_rewound_is_not_made_again(kept_bytes):
    """The way that led here has the changes of its own, whichever epoch is asked for."""
    way = course(kept_bytes=kept_bytes)
    ran(way, 5)
    do(way, "set", lr=0.5)
    ran(way, 20)
    do(way, "rewind", to=3)
    digests = ran(way, 12)
    for epoch in range(4, 16):
        (network,) = way.networks(epoch)
        assert hashlib.sha256(network.parameters.tobytes()).hexdigest() == digests[epoch - 4]
    other = course()
    assert ran(other, 16)[-1:] == ran(way, 1)
