"""The document as a table for people."""

from collections.abc import Mapping, Sequence
from typing import Any

HEADINGS = (
    "contender",
    "seconds",
    "ratio",
    "CPU s",
    "trials",
    "pruned",
    "epochs",
    "validation",
    "test",
    "ensemble",
)
_NONE = "-"


def render(document: Mapping[str, Any]) -> str:
    """Return the table, the machine above it, every measured second and what was absent below it."""
    rows = [HEADINGS, *(_row(summary) for summary in document["contenders"].values())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([*_facts(document), "", *lines, "", *_notes(document)])


def _facts(document: Mapping[str, Any]) -> list[str]:
    machine, size = document["machine"], document["size"]
    versions = ", ".join(f"{name} {version or 'absent'}" for name, version in machine["versions"].items())
    what = ", ".join(f"{number} {name}" for name, number in size.items())
    return [
        f"{what}; seeds of the rounds: {' '.join(map(str, document['seeds']))}",
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        versions,
    ]


def _row(summary: Mapping[str, Any]) -> tuple[str, ...]:
    if summary["absent"]:
        return (summary["title"], *[_NONE] * (len(HEADINGS) - 1))
    confirm = f" + {summary['confirm_epochs']:.0f}" if summary["confirm_epochs"] else ""
    return (
        summary["title"],
        _median(summary["seconds"]),
        _median(summary["ratio_to_baseline"]),
        _median(summary["cpu_seconds"]),
        f"{summary['trials']:.0f}",
        f"{summary['pruned']:.0f}",
        f"{summary['epochs']:.0f}{confirm}",
        _accuracy(summary["value"]),
        _accuracy(summary["test_accuracy"]),
        _accuracy(summary["ensemble_test_accuracy"]),
    )


def _median(values: Mapping[str, Any] | None) -> str:
    return f"{values['median']:.2f}" if values else _NONE


def _accuracy(interval: Mapping[str, Any] | None) -> str:
    if interval is None:
        return _NONE
    half = "" if interval["half_95"] is None else f" ± {interval['half_95']:.4f}"
    return f"{interval['mean']:.4f}{half}"


def _notes(document: Mapping[str, Any]) -> list[str]:
    return [
        f"seconds, ratio, CPU s: medians of all rounds; ratio to {document['baseline']} of the same round",
        "epochs: search + confirming runs; accuracies: mean over seeds ± half the 95 % interval",
        *(f"{summary['title']}: {_detail(summary)}" for summary in document["contenders"].values()),
    ]


def _detail(summary: Mapping[str, Any]) -> str:
    if summary["absent"]:
        return f"absent, {summary['absent']}"
    detail = f"seconds {_listed(summary['seconds']['all'])}"
    if summary["ratio_to_baseline"]:
        detail += f"; ratios {_listed(summary['ratio_to_baseline']['all'])}"
    if summary["test_minus_baseline"]:
        detail += f"; test less the baseline's {_accuracy(summary['test_minus_baseline'])}"
    return detail


def _listed(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.2f}" for number in numbers)
