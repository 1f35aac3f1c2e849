"""Nursings of studies that never ran: a rewind, a branch, an epoch that diverged, one that has just begun."""

from hpsearch.report.numbers.nursings import NursingNumbers
from hpsearch.store import Intervention, InterventionKind, NursedEpoch, NursingState


def epochs(part, first, last, *, worse=0.0, diverges=False):
    """Return what came of some epochs: a value that rises, a loss that falls."""
    found = [
        NursedEpoch(
            part=part, epoch=e, loss=2.0 / e + worse, value=0.95 - 0.5 / e - worse, digest=f"{part}{e}" * 16
        )
        for e in range(first, last + 1)
    ]
    lost = NursedEpoch(part=part, epoch=last + 1, loss=1e30, value=None, digest="")
    return [*found, lost] if diverges else found


def changes(*made):
    """Return interventions: part, epoch, kind, settings."""
    return [
        Intervention(
            sequence=n, part=part, epoch=epoch, kind=InterventionKind(kind), settings=settings, reason="<why>"
        )
        for n, (part, epoch, kind, settings) in enumerate(made)
    ]


def nursing(number, parts, made=(), *, trial=4, origin="trial 4", parent=None):
    """Return the numbers of a nursing that ends with its last part."""
    last = parts[-1][-1] if parts else None
    epoch = last.epoch if last else 3
    return NursingNumbers(
        number=number,
        trial=trial,
        origin=origin,
        parent=parent,
        state=NursingState.OPEN,
        first_epoch=3,
        epoch=epoch,
        epochs=30,
        parts=parts,
        interventions=changes(*made),
        best=last,
        value=last and last.value,
        fingerprint="ab" * 32,
    )


NURSINGS = (
    nursing(
        0,
        [epochs(0, 1, 12, worse=0.1, diverges=True), epochs(1, 8, 20), epochs(2, 15, 24)],
        [
            (0, 5, "set", {"lr": 0.00012345, "dropout": 0.25, "weight_decay": 1e-7, "schedule": "cosine"}),
            (0, 6, "set", {"lr": 10.0}),
            (0, 7, "pause", {}),
            (0, 8, "set", {"lr": 1e30}),
            (1, 12, "rewind", {"to": 7}),
            (1, 20, "rewind", {"to": 14}),
            (2, 24, "branch", {"number": 1}),
            (2, 24, "stop", {}),
        ],
    ),
    nursing(1, [], origin="a branch of nursing 0", parent=0),
    nursing(2, [epochs(0, 1, 1)], trial=None, origin="the declared defaults"),
)
