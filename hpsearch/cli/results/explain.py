"""``hpsearch explain``: why did a trial get its parameters, and a round its box?"""

from typing import Annotated, Any

import typer

from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    AsJson,
    Storage,
    StudyFlag,
    StudyName,
    print_json,
    print_text,
)
from hpsearch.cli.studies import chosen_study


def explain(
    study: StudyName = None,
    number: Annotated[
        int | None,
        typer.Argument(
            help="The trial's number, from 0; without it, every round is printed.", metavar="NUMBER"
        ),
    ] = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
) -> None:
    """Explain why a trial was tried, and why it stopped.

    The command prints the origin of its parameters, and the results that the trial could use. Without a
    number, print the box of every random round, with the reason and the evidence. For a run of a
    confirmation, such as digits.confirm, print the state of the race.

    Example: hpsearch explain digits 42
    """
    from hpsearch.report import (
        expect_own,
        explain_run,
        explanation_text,
        rounds_text,
        rounds_to_json,
        run_text,
    )
    from hpsearch.report import explain as compute
    from hpsearch.store import Reader, opened

    def work(reader: Reader) -> tuple[str, dict[str, Any], str]:
        found = expect_own(reader.find_study(chosen.name), number)
        if number is None:
            rounds = reader.rounds(found)
            note = {"schema_version": 1, "rounds": rounds_to_json(found.space, rounds)}
            return found.name, note, rounds_text(found.name, found.space, rounds)
        if found.is_search:
            explanation = compute(reader, found, number)
            return found.name, explanation.to_json(), explanation_text(found.name, explanation)
        run = explain_run(reader, found, number)
        return found.name, run.to_json(), run_text(found.name, run)

    with opened(storage, foreign=True) as ledger:
        chosen = chosen_study(ledger, study)
        name, note, text = ledger.at_one_moment(work)
    if as_json:
        print_json({**note, "study": name})
    else:
        print_text(text)
