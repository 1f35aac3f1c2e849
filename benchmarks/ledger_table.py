"""The ledger's figures as tables for people."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def render(document: Document) -> str:
    """Return the machine, then three tables a database: trials per second, growth, looks."""
    return "\n".join([*_facts(document), *_parts(document)])


def _facts(document: Document) -> list[str]:
    machine = document["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    return [
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        f"{document['rounds']} rounds, medians; ratios are taken round by round",
        versions,
        *(f"{name}: {_settings(facts)}" for name, facts in document["databases"].items()),
    ]


def _settings(facts: Mapping[str, Any]) -> str:
    return (
        f"absent, {facts['absent']}" if "absent" in facts else ", ".join(f"{k} {v}" for k, v in facts.items())
    )


def _parts(document: Document) -> Iterator[str]:
    for name, facts in document["databases"].items():
        cells = [cell for cell in document["throughput"] if cell["database"] == name]
        if cells:
            yield f"\n{name}: trials per second (3 parameters, 5 curve points)"
            head = f"{'trials/s':>9} {'x Optuna':>9} {'x 1 proc':>8} {'CPU ms':>7}  all rounds"
            yield f"{'contender':<44} {'k':>2} {'procs':>5} {head}"
            yield from map(_rate, cells)
        if name in document["sizes"] and "absent" not in facts:
            yield from _sizes(name, document["sizes"][name])


def _rate(cell: Mapping[str, Any]) -> str:
    rates = cell["trials_per_second"]
    ratios = f"{_number(cell['ratio_to_optuna']):>9} {_number(cell['ratio_to_one_process']):>8}"
    every = " ".join(_number(rate) for rate in rates["all"])
    shape = f"{cell['title']:<44} {cell['k']:>2} {cell['processes']:>5}"
    return f"{shape} {_number(rates['median']):>9} {ratios} {cell['cpu_ms_per_trial']:>7.2f}  {every}"


def _sizes(name: str, sizes: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n{name}: milliseconds with so many trials in the study"
    yield f"{'trials':>8} {'claim + finish, a trial':>24} {'x first':>8} {'schedule':>9}"
    first = sizes["growth"][0]["claim_finish_s"]
    for row in sizes["growth"]:
        cost = row["claim_finish_s"]
        yield f"{row['trials']:>8} {cost * 1e3:>24.3f} {cost / first:>8.2f} {row['schedule_s'] * 1e3:>9.2f}"
    yield f"\n{name}: seconds of a look, and its peak memory"
    yield f"{'trials':>8} {'command':<8} {'call':>8} {'whole command':>14} {'peak MiB':>9}"
    for row in sizes["looks"]:
        for command, seconds in row["command_s"].items():
            call = f"{row['call_s'][command]:.4f}" if command in row["call_s"] else "-"
            peak = row["peak_mib"][command]
            yield f"{row['trials']:>8} {command:<8} {call:>8} {seconds:>14.2f} {peak:>9.0f}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"
