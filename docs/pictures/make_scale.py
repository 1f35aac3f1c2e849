"""Draw ``scale.svg`` and write the table of ``docs/scale.md``, from the benchmark's ``scale.json``.

``make scale`` measures first.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")  # before pyplot: no window, on any machine

import matplotlib.pyplot as plt

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "scale.md"
PICTURE = "![Left: how busy workers are. Right: the time from the look to the trial](pictures/scale.svg)"
BEGIN, END = "<!-- measured -->", "<!-- end of what was measured -->"

COLORS = ("#0072B2", "#009E73", "#AA4499", "#D55E00", "#8A8A8A")
"""Colors that stay apart for color-blind readers."""

Cell = Mapping[str, Any]


def main() -> None:
    """Draw, and write the table."""
    document = json.loads((HERE / "scale.json").read_text(encoding="utf-8"))
    draw(document["cells"])
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{PICTURE}\n\n{table(document)}\n{END}{after}", encoding="utf-8")


def draw(cells: Sequence[Cell]) -> None:
    """Draw how busy the workers are, and how long a claim takes, over the size of the fleet."""
    look = {"svg.hashsalt": "hpsearch", "axes.spines.top": False, "axes.spines.right": False}
    with mpl.rc_context({**look, "axes.grid": True, "grid.color": "#E4E4E4", "font.size": 10}):
        figure, (busy, waits) = plt.subplots(1, 2, figsize=(9.0, 3.6), layout="constrained")
        for color, (name, line) in zip(COLORS, _lines(cells).items(), strict=False):
            workers = [cell["workers"] for cell in line]
            busy.plot(workers, [100 * c["efficiency"] for c in line], "o-", ms=4, color=color, label=name)
            held = [cell for cell in line if cell["trial_in_hand_s"]]
            p99 = [1e3 * cell["trial_in_hand_s"]["p99"] for cell in held]
            waits.plot([cell["workers"] for cell in held], p99, "o-", ms=4, color=color)
        busy.set(title="Seconds of training in a worker's 100", ylim=(0, 105))
        busy.axhline(95, color="#555555", lw=0.8, ls="--")
        waits.set(title="From the look to the trial in hand, p99, ms", yscale="log")
        waits.axhline(1000, color="#555555", lw=0.8, ls="--")
        for axes in (busy, waits):
            axes.set_xscale("log", base=2)
            axes.set_xlabel("workers")
            axes.xaxis.set_major_formatter("{x:.0f}")
        figure.legend(loc="outside lower center", ncols=3, frameon=False)
        figure.savefig(HERE / "scale.svg", metadata={"Date": None})
        plt.close(figure)


def _lines(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    lines: dict[str, list[Cell]] = {}
    for cell in cells:
        lines.setdefault(_name(cell), []).append(cell)
    return lines


def _name(cell: Cell) -> str:
    return f"{cell['crew']}, {cell['sampler']}, trials of {cell['mean_s']:g} s"


def table(document: Mapping[str, Any]) -> str:
    """Return what was measured as Markdown."""
    facts, server = document["machine"], document["postgresql"]
    where = f"{facts['cores']} cores ({facts['processor']}) for server and clients together"
    how = f"load average {facts['load'][0]:.1f} when it began; windows of {document['window_s']:g} s."
    lines = [f"{where}, PostgreSQL {server['version']}; {how}", "", _ROW.format(*COLUMNS)]
    lines += [_ROW.format("---", *["--:"] * (len(COLUMNS) - 1))]
    return "\n".join([*lines, *map(_row, document["cells"])])


COLUMNS = (
    "",
    "workers",
    "trials/s",
    "busy",
    "in hand p50, p99 ms",
    "claim p99 ms",
    "server + client CPU ms a trial",
    "transactions",
    "rows read",
    "WAL kB",
    "connections",
)
_ROW = "| " + " | ".join(["{}"] * len(COLUMNS)) + " |"


def _row(cell: Cell) -> str:
    if cell["trial_in_hand_s"] is None or not cell["trials"]:
        return _ROW.format(_name(cell), cell["workers"], "none", *[""] * (len(COLUMNS) - 3))
    hand, claim = cell["trial_in_hand_s"], cell["claim_s"]
    return _ROW.format(
        _name(cell),
        cell["workers"],
        f"{cell['trials_per_second']:.1f}",
        f"{cell['efficiency']:.0%}",
        f"{1e3 * hand['p50']:.0f}, {1e3 * hand['p99']:.0f}",
        f"{1e3 * claim['p99']:.0f}",
        f"{cell['server_ms_per_trial']:.1f} + {cell['client_ms_per_trial']:.1f}",
        f"{cell['transactions_per_trial']:.1f}",
        f"{cell['rows_read_per_trial']:.0f}",
        f"{cell['wal_bytes_per_trial'] / 1e3:.1f}",
        cell["connections"],
    )


if __name__ == "__main__":
    main()
