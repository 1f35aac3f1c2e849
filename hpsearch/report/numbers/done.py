"""What a study did, as names and texts: its data, its model, its search and its confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, pairwise

from hpsearch.nn import MLPConfig
from hpsearch.objective.mlp.layers import HIDDEN, has_layers
from hpsearch.report.foreign import is_foreign
from hpsearch.report.numbers.trials import Trials
from hpsearch.report.summary import Summary
from hpsearch.report.text import counts_line, show_value
from hpsearch.search import MODEL_NAMES, TrialState
from hpsearch.study_file import StudySpec

NETWORK = ("hidden", "activation", "optimizer", "batch_size")
"""Settings of a network that are named where the study file leaves them out."""
CLASSES_LISTED = 10
"""Classes that are named where their number is said."""
SEARCHED_LISTED = 12
"""Parameters that are named where their number is said."""
EPOCHS = "epochs"
_WEIGHTS = "in the training loss; metrics count every row alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of what a study did.

    Attributes:
        name: What the line is about.
        text: What there is to say.
    """

    name: str
    text: str


def done_of(  # noqa: PLR0913 - a study is made of these
    spec: StudySpec, summary: Summary, trials: Trials, *, data: str, evaluates: str, confirms: str | None
) -> tuple[Fact, ...]:
    """Return what a study did, in the order in which it is read.

    Args:
        spec: The study.
        summary: Where it stands.
        trials: Its trials.
        data: The source of its rows; empty where hpsearch reads none.
        evaluates: What its trials fit, call or run; empty for networks.
        confirms: The search that it confirms.
    """
    foreign = is_foreign(summary.status)
    parameters = "parameter" if len(spec.space.names) == 1 else "parameters"
    rows: list[tuple[str, str]] = [("confirms", confirms or ""), ("evaluates", evaluates), ("data", data)]
    rows += _data(spec, summary) if spec.has_data else []
    rows += [
        ("model" if evaluates else "network", network_text(spec)),
        (EPOCHS, _epochs(spec) if spec.objective.kind == "mlp" else ""),
        ("searched", _listed(spec.space.names, parameters, SEARCHED_LISTED)),
        ("metric", f"{summary.measure.title}, {'more' if summary.measure.maximize else 'less'} is better"),
    ]
    rows += [] if foreign or confirms else [("budget", _budget(spec))]
    rows += [
        ("trials", counts_line(summary.status)),
        ("pruned", _pruned(trials, "epoch" if spec.objective.kind == "mlp" else "report")),
    ]
    rows += [] if foreign or confirms else [("confirmation", _confirmation(spec))]
    return tuple(Fact(name=name, text=text) for name, text in rows if text)


def _data(spec: StudySpec, summary: Summary) -> list[tuple[str, str]]:
    """Return what the rows are: how many, their features, their target; what is not known yet is left out."""
    best, data = summary.best, spec.data
    features = "" if best is None or best.features is None else f"{best.features:,}"
    classes = () if best is None else best.classes
    what = f"one of {_listed(classes, 'classes', CLASSES_LISTED)}" if classes else ""
    if data.task == "regression":
        what = "a number"
    target = ", ".join(filter(None, (data.target, what)))
    weights = "" if data.weights is None else f"{data.weights!r}, {_WEIGHTS}"
    return [("rows", _rows(spec, summary)), ("features", features), ("target", target), ("weights", weights)]


def _rows(spec: StudySpec, summary: Summary) -> str:
    """Return the numbers of the rows, or how the study file divides them while they are not known."""
    counts = summary.best.rows if summary.best else {}
    words = {"train": "for training", "validation": "for validation", "test": "for the test"}
    if counts:
        folds = "" if spec.data.folds == 1 else f"; {spec.data.folds} folds validate"
        found = [f"{counts[name]:,} {text}" for name, text in words.items() if name in counts]
        total = sum(counts.get(name, 0) for name in words)
        return f"{total:,}: {', '.join(found)}{folds}"
    shares = {"validation": spec.data.validation, "test": spec.data.test}
    found = [
        f"{share:,} {words[name]}" if isinstance(share, int) else f"{100 * share:g} % {words[name]}"
        for name, share in shares.items()
        if name == "test" or spec.data.folds == 1
    ]
    return f"{', '.join(found)}, the others for training"


def _listed(names: Sequence[str], what: str, most: int) -> str:
    """Return names as text: their number, and the first of them."""
    if not names:
        return ""
    more = ", ..." if len(names) > most else ""
    return f"{len(names):,} {what}: {', '.join(names[:most])}{more}"


def network_text(spec: StudySpec) -> str:
    """Return the settings that all networks share, without most of the usual ones; all of an estimator.

    The winner's own are its parameters.
    """
    if not spec.has_data:
        return ""
    if spec.objective.kind == "estimator":
        return ", ".join(f"{name} = {show_value(value)}" for name, value in spec.model.items())
    usual = {field.name: field.default for field in fields(MLPConfig)}
    sized = has_layers((*spec.model, *spec.space.names))  # their depth and width stand for hidden
    always = {name: usual[name] for name in NETWORK if name != HIDDEN or not sized}
    said = []
    for name, value in {**always, **spec.model}.items():
        plain = list(value) if isinstance(value, tuple) else value
        same = (tuple(value) if isinstance(value, list) else value) == usual.get(name)
        if name not in (*spec.space.names, EPOCHS) and (name in NETWORK or not same):
            said.append(f"{name} = {show_value(plain)}")
    return ", ".join(said)


def _epochs(spec: StudySpec) -> str:
    """Return how long networks are trained: in a trial, and in a confirming run where that is longer."""
    usual = next(field.default for field in fields(MLPConfig) if field.name == EPOCHS)
    found = "searched" if EPOCHS in spec.space.names else f"{show_value(spec.model.get(EPOCHS, usual))}"
    if spec.confirm.epochs is None or not spec.confirm.top or EPOCHS in spec.space.names:
        return found
    return f"{found} in a trial, {spec.confirm.epochs} in a confirming run"


def _budget(spec: StudySpec) -> str:
    """Return the trials of a study and where their parameters come from."""
    ends = [min(end, spec.trials) for end in accumulate(spec.search.rounds, initial=0)]
    rounds = [size for first, end in pairwise(ends) if (size := end - first)]
    left = spec.trials - sum(rounds)
    sizes = " and ".join(filter(None, (", ".join(map(str, rounds[:-1])), str(rounds[-1])))) if rounds else ""
    parts = [f"{'rounds' if len(rounds) > 1 else 'a round'} of {sizes} random trials"] if rounds else []
    parts += [MODEL_NAMES.get(spec.search.model, spec.search.model)] if left > 0 else []
    return f"{spec.trials:,} trials: {', then '.join(parts)}; {spec.parallelism} at a time at most"


def _pruned(trials: Trials, step: str) -> str:
    """Return what the word means, and why it happened; empty where no trial was pruned."""
    n = int((trials.states == TrialState.PRUNED).sum())
    if not n:
        return ""
    rung, diverged = int((trials.stopped_at > 0).sum()), int(trials.diverged.sum())
    counts = [
        (rung, "at a rung, because others were better there"),
        (diverged, "because the training diverged"),
    ]
    why = [f"{count:,} {text}" for count, text in counts if count]
    return f"trials that ended before their last {step}{': ' if why else ''}{', '.join(why)}"


def _confirmation(spec: StudySpec) -> str:
    """Return which configurations race on fresh seeds, and what the test rows judge beside the winner."""
    confirm = spec.confirm
    if not confirm.top:
        return "none: the best trial as measured is the winner"
    who = "the best trial" if confirm.top == 1 else f"the best {confirm.top} trials"
    beside = " and the default configuration" if spec.default is not None else ""
    runs = "1 run" if confirm.seeds == 1 else f"{confirm.seeds} runs"
    model = "" if confirm.baseline is None else f"; {confirm.baseline} is judged beside the winner"
    return f"{who}{beside} race on fresh seeds, {runs} each on average{model}"
