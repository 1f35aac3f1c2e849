"""The time of each worker, by activity."""

from collections.abc import Mapping, Sequence

from hpsearch.report.figures.figure import Canvas, DataTable, Figure
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.panel import Key, legend
from hpsearch.report.numbers.phases import Phase
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.time import WorkerTime
from hpsearch.store import Activity

ROW = 26.0
WORKERS_MOST = 24
"""Workers that are drawn, those with the most time; the table has more."""
COLOURS: Mapping[str, str] = {
    Activity.TRAINING: "accent",
    Activity.PROPOSALS: "deep",
    Activity.DATABASE: "soft",
    Activity.IDLE: "wash",
    Activity.JUDGING: "ink",
    "other": "quiet",
}


def plot_time(report: StudyReport) -> Figure:
    """Return the figure of the workers' time: a bar for each, of training, proposals, database, idle."""
    workers = sorted(report.workers, key=lambda worker: -worker.wall_s)
    measured = [worker for worker in workers if worker.spent is not None]
    wall_s = sum(worker.wall_s for worker in measured)
    training = sum(_parts(worker)[Activity.TRAINING] for worker in measured)
    remark = f" {100 * training / wall_s:.0f} % of it was training." if wall_s else ""
    drawn = (
        "" if len(workers) <= WORKERS_MOST else f" The {WORKERS_MOST} longest of {len(workers)} are drawn."
    )
    return Figure(
        title="Where the time went",
        text=f"{phases_text(report.phases)}Seconds of each worker by what it did.{remark}{drawn}",
        draw=lambda width: _draw(workers[:WORKERS_MOST], width),
        table=DataTable.of(["worker", "seconds", *COLOURS], [_cells(worker) for worker in workers]),
    )


def phases_text(phases: Sequence[Phase]) -> str:
    """Return the phases as a sentence, such as ``"Search 12.5 s, judging 2.0 s. "``; empty without any."""
    named = ", ".join(f"{phase.name} {_seconds(phase.seconds)}" for phase in phases)
    return f"{named[0].upper()}{named[1:]}. " if named else ""


def _parts(worker: WorkerTime) -> dict[str, float]:
    """Return activity -> seconds of a worker; empty where they were not measured."""
    if worker.spent is None:
        return {}
    return {name: worker.spent.get(Activity(name), 0.0) for name in list(COLOURS)[:-1]} | {
        "other": worker.other_s or 0.0
    }


def _cells(worker: WorkerTime) -> list[str]:
    parts = _parts(worker)
    return [
        worker.name,
        f"{worker.wall_s:.2f}",
        *(f"{parts[n]:.2f}" if n in parts else "\N{EN DASH}" for n in COLOURS),
    ]


def _draw(workers: list[WorkerTime], width: float) -> Canvas:
    if not workers:
        return Canvas.of_words("No worker has joined yet.", width=width)
    measured = any(worker.spent is not None for worker in workers)
    entries = [Key(name, "box", colour) for name, colour in COLOURS.items() if measured]
    keys, top = legend(entries, width=width)
    names = min(0.4 * width, max(text_width(worker.name, size=SIZE) for worker in workers) + 12)
    longest = max(max(worker.wall_s, sum(_parts(worker).values())) for worker in workers) or 1.0
    unit = (width - names - 64) / longest
    rows = [_row(worker, top + 8 + ROW * place, names, unit) for place, worker in enumerate(workers)]
    return Canvas(height=top + 14 + ROW * len(workers), content=joined([keys, *rows]))


def _row(worker: WorkerTime, top: float, left: float, unit: float) -> Markup:
    middle = top + ROW / 2
    name = shortened(worker.name, size=SIZE, width=left - 10)
    parts = [tag("text", name, x=0, y=middle + 4, class_="ink")]
    x = left
    for kind, seconds in _parts(worker).items():
        if unit * seconds >= 0.05:
            words = f"{worker.name}: {kind} {_seconds(seconds)} of {_seconds(worker.wall_s)}"
            shape = tag(
                "rect",
                tag("title", words),
                x=x,
                y=middle - 7,
                width=unit * seconds,
                height=14,
                class_=f"fill-{COLOURS[kind]}",
            )
            parts.append(shape)
            x += unit * seconds
    remark = _seconds(worker.wall_s) + ("" if worker.spent is not None else ", not measured")
    parts.append(tag("text", remark, x=x + 8, y=middle + 4))
    return joined(parts)


def _seconds(seconds: float) -> str:
    if seconds < 600:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 36_000 else f"{seconds / 3600:.1f} h"
