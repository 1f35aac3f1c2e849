"""The first page: every study, where it stands, and links to its report and its dashboard."""

from html import escape
from urllib.parse import quote

from hpsearch.dashboard.pages import page
from hpsearch.number import rounded
from hpsearch.report.foreign import MADE_BY, is_foreign
from hpsearch.report.text import CONTROL_WORDS, STATE_WORDS, who_won
from hpsearch.search import TrialState
from hpsearch.store import Control, StudyOverview
from hpsearch.text import printable

REFRESH_S = 10
SHOWN = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING)
"""The states that a bar shows; the word of each is its color's name, too."""


def landing_page(found: list[StudyOverview], *, database: str, allow_edit: bool, logged_in: bool) -> str:
    """Return the first page.

    Args:
        found: Every study of the ledger.
        database: The database's address, without a password.
        allow_edit: Whether the dashboard may change something.
        logged_in: Whether there is a session to end.
    """
    companions = {one.search_id: one for one in found if not one.is_search}  # the last one is the current one
    searches = [one for one in reversed(found) if one.is_search]
    cards = "".join(_card(one, companions.get(one.study_id)) for one in searches)
    nothing = (
        '<div class="card"><p>No studies yet: <code>hpsearch start STUDY.toml</code> makes one.</p></div>'
    )
    leave = '<form method="post" action="/logout"><button class="button">Log out</button></form>'
    return page(
        "Studies - hpsearch",
        f'<div class="head"><div><h1>Studies</h1><p class="note">{escape(database)} · '
        f"{'edits allowed' if allow_edit else 'read-only'}</p></div>{leave if logged_in else ''}</div>"
        f"{cards or nothing}"
        '<footer class="note"><a href="/dashboard">optuna-dashboard</a> · <a href="/metrics">metrics</a> · '
        '<a href="/healthz">health</a></footer>',
        refresh_s=REFRESH_S if any(one.at_work for one in found) else None,
    )


def _card(one: StudyOverview, companion: StudyOverview | None) -> str:
    if one.problem is not None:
        return (
            f'<section class="card"><h2>{escape(printable(one.study))}</h2>'
            f'<p class="note">{escape(printable(one.problem))}</p></section>'
        )
    confirm = ""
    if companion is not None and companion.problem is not None:
        confirm = f'<p class="note">{escape(printable(companion.problem))}</p>'
    elif companion is not None:
        confirm = f'<p class="note">{escape(printable(companion.study))}: {_progress(companion)}</p>'
    best = "" if one.best_value is None else f"<span>best {rounded(one.best_value)}</span>"
    if one.verdict is not None:
        best = f"<span>winner {who_won(one.verdict)}</span>"
    return (
        f'<section class="card"><div class="head"><h2>{escape(printable(one.study))}</h2>{best}</div>'
        f"{_bar(one)}<p>{_progress(one)}{_now(one, companion)}</p>{confirm}"
        f'<div class="links">{_report_link(one)}'
        f'<a class="button" href="/dashboard/studies/{one.study_id}">Dashboard</a></div></section>'
    )


def _report_link(one: StudyOverview) -> str:
    """Return the button of a study's report; a study of several objectives has none."""
    if one.objectives > 1:
        return ""
    return f'<a class="button first" href="/report/{quote(one.study, safe="")}">Report</a>'


def _bar(one: StudyOverview) -> str:
    widths = {STATE_WORDS[state]: 100 * one.counts.get(state, 0) / max(one.end, 1) for state in SHOWN}
    parts = "".join(f'<i class="{word}" style="width:{w:.2f}%"></i>' for word, w in widths.items() if w)
    return f'<div class="bar">{parts}</div>'


def _progress(one: StudyOverview) -> str:
    counts = [f"{n} {STATE_WORDS[state]}" for state in SHOWN if (n := one.counts.get(state, 0))]
    states = f" ({', '.join(counts)})" if counts else ""
    if is_foreign(one):
        objectives = f", {one.objectives} objectives" if one.objectives > 1 else ""
        return f"{one.budget} trial{'s' * (one.budget != 1)}{states}{objectives}"
    return f"{one.settled} of {one.end} trials settled{states}"


def _now(one: StudyOverview, companion: StudyOverview | None) -> str:
    """Return how many workers are active, or why there is none."""
    if is_foreign(one):
        return f" · {MADE_BY}"
    workers = one.workers + (companion.workers if companion else 0)
    if workers:
        rate = f", {one.rate * 60:.0f} trials a minute" if one.rate else ""
        return f" · {workers} worker{'s' if workers > 1 else ''} at work{rate}"
    if one.stopped is not None:
        return f" · {escape(printable(str(one.stopped)))}"
    if one.settled >= one.end:
        return " · finished"
    return f" · {'no worker at work' if one.control is Control.RUN else CONTROL_WORDS[one.control]}"
