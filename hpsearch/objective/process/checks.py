"""The check of a study that trains no network: what it has not is refused, and its defaults are filled in."""

from dataclasses import replace

from hpsearch.space.checks import show
from hpsearch.study_file import DIRECTIONS, MAX_FAILURES, VALUE, ConfirmSpec, StudySpec

_USUAL = ConfirmSpec()


def check_outside(spec: StudySpec) -> StudySpec:
    """Return a study of a function or a command with every default filled in.

    There are no networks: nothing is trained longer, averaged, or trained again on more rows.

    Raises:
        StudyFileError: It asks for one of these.
    """
    confirm, objective = spec.confirm, spec.objective
    for key, value, off in (
        ("epochs", confirm.epochs, None),
        ("ensemble", confirm.ensemble, 0),
        ("refit", confirm.refit, False),
        ("baseline", confirm.baseline, None),
    ):
        path = f"confirm.{key}"
        if value != off and (path in spec.document.lines or value != getattr(_USUAL, key)):
            expected = f"expected none: objective.{objective.kind} has no networks"
            raise spec.document.error(path, f"{expected}, found {show(value)}")
    return replace(
        spec,
        confirm=replace(confirm, ensemble=0, refit=False),
        objective=replace(
            objective,
            metric=objective.metric or VALUE,
            direction=objective.direction or DIRECTIONS[0],
            max_failures=objective.max_failures or MAX_FAILURES,
        ),
    )
