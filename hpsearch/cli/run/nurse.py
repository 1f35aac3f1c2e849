"""``hpsearch nurse``: one training that a person watches and steers."""

import os
import time
from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hpsearch.cli.command import PlainCommand
from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    AsJson,
    Quiet,
    Storage,
    StudyFlag,
    StudyName,
    print_json,
    print_text,
    say,
)
from hpsearch.cli.studies import chosen_study
from hpsearch.errors import ExitCode, to_type
from hpsearch.signals import ENDING, notice

if TYPE_CHECKING:
    from hpsearch.cli.run.nurse_screen import NurseView
    from hpsearch.nursing import Nursing, ScriptLine
    from hpsearch.worker import Stop

NOTICE_S = 30.0
"""A signal lets the epoch in training end; after so long the process ends all the same."""
PACE_S = 0.25
"""The least time of an epoch in a terminal, so that a person can follow."""
TICK_S = 0.05
"""Between two looks at the keyboard while it waits."""
ALONE = {"branch", "pause", "stop"}
"""Interventions of one word."""
LEAVES = {"q", "quit", "exit"}
GOES_ON = {"", "resume", "go"}


class NurseCommand(PlainCommand):
    """The command with ``--at 20 lr=1e-4`` in several words, which the parser takes as one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; the words behind ``--at`` become one."""
        return super().parse_args(ctx, joined(args))


def joined(words: Sequence[str]) -> list[str]:
    """Return arguments in which the words of each ``--at`` are one.

    Example:
        >>> joined(["digits", "--at", "20", "lr=1e-4", "dropout=0.1", "--at", "30", "rewind", "5", "--new"])
        ['digits', '--at', '20 lr=1e-4 dropout=0.1', '--at', '30 rewind 5', '--new']
    """
    found: list[str] = []
    rest = list(words)
    while rest:
        found.append(rest.pop(0))
        if found[-1] != "--at" or not rest:
            continue
        line = [rest.pop(0)]
        if line[0].isdecimal() and rest and not rest[0].startswith("-"):
            line.append(rest.pop(0))
            is_half = "=" not in line[-1] and line[-1] not in ALONE and " " not in line[-1]
            if is_half and rest and not rest[0].startswith("-"):
                line.append(rest.pop(0))
            while rest and "=" in rest[0] and not rest[0].startswith("-"):
                line.append(rest.pop(0))
        found.append(" ".join(line))
    return found


Trial = Annotated[
    int | None,
    typer.Argument(
        metavar="NUMBER",
        help="The trial to continue; by default the winner, or the best trial so far.",
        show_default=False,
    ),
]
New = Annotated[bool, typer.Option("--new", help="Start from the declared defaults instead of a trial.")]
Number = Annotated[
    int | None,
    typer.Option("--nursing", metavar="NUMBER", help="Continue this nursing or branch instead of a trial."),
]
Epochs = Annotated[
    int | None,
    typer.Option(
        "--epochs",
        metavar="EPOCH",
        help="The last epoch; by default a trial's number of epochs after the start.",
        min=1,
    ),
]
At = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        metavar="EPOCH CHANGE",
        help="A change after this epoch, such as --at 20 lr=1e-4 or --at 30 rewind=5; may be repeated.",
    ),
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", metavar="TEXT", help="The reason for changes that give none after #."),
]
Pace = Annotated[
    float | None,
    typer.Option(
        "--pace",
        metavar="SECONDS",
        help=f"The minimum time of an epoch; by default {PACE_S} in a terminal, and none elsewhere.",
        min=0.0,
    ),
]


def nurse(  # noqa: PLR0913 - options
    study: StudyName = None,
    number: Trial = None,
    *,
    _study: StudyFlag = None,
    new: New = False,
    nursing: Number = None,
    epochs: Epochs = None,
    at: At = None,
    reason: Reason = None,
    pace: Pace = None,
    list_: Annotated[bool, typer.Option("--list", help="List the nursings of the study, and end.")] = False,
    storage: Storage = DEFAULT_STORAGE,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Train one network further and change settings between epochs.

    In a terminal the command draws the curve during the training. Type a change, and it takes effect after
    the epoch: lr 3e-4, lr x0.5, dropout 0.1, rewind 5, branch, pause, resume, stop. Each change is stored
    with its epoch and its reason, so replay --train can train the network again. After a kill, type the
    same command to continue.

    Example: hpsearch nurse digits --epochs 40 --at 20 lr=1e-4
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.cli.run.nurse_list import print_list
    from hpsearch.cli.run.nurse_screen import shown
    from hpsearch.nursing import begun, expect_reason
    from hpsearch.store import opened
    from hpsearch.worker import Stop

    why = expect_reason(reason or "")
    script = [_line(text, why) for text in at or []]
    stop = Stop()
    with opened(storage) as ledger:
        found = chosen_study(ledger, study, quiet=quiet)
        if list_:
            print_list(ledger, found, as_json=as_json)
            return
        made = begun(ledger, found, number, new=new, nursing=nursing, epochs=epochs, script=script)
        stop.obey(ENDING)  # until here a signal ends the process at once: what was trained is known
        with notice(NOTICE_S), made, shown(made, quiet=quiet or as_json) as view:
            least_s = (PACE_S if view.is_screen else 0.0) if pace is None else pace
            _run(made, view, stop, pace_s=least_s, reason=why)
    _print_end(made, as_json=as_json, quiet=quiet)
    if stop.signal is not None:
        raise typer.Exit(128 + stop.signal)
    if made.diverged:
        raise typer.Exit(ExitCode.FAILED)


def _line(text: str, reason: str) -> "ScriptLine":
    from hpsearch.nursing import InterventionError, ScriptLine, read_request

    at, _, change = text.strip().partition(" ")
    if not (at.isascii() and at.isdecimal() and len(at) < 10):
        raise InterventionError(f"--at: expected an epoch and a change, such as 20 lr=1e-4, found {text!r}")
    return ScriptLine(at=int(at), request=read_request(change, reason=reason))


def _run(nursing: "Nursing", view: "NurseView", stop: "Stop", *, pace_s: float, reason: str) -> None:
    """Train, show, and do what is typed, until it ends or is left."""
    from hpsearch.store import NursingState

    if view.hears and nursing.epoch >= nursing.epochs:
        nursing.paused = True
        view.reply("it stands at its last epoch: rewind EPOCH, branch, or q to leave")
    due = time.monotonic() + pace_s
    while nursing.state is NursingState.OPEN and not stop.draining:
        for line in view.lines():
            if line is None or line.strip() in LEAVES:
                return
            _obey(nursing, view, line, reason)
        if nursing.state is not NursingState.OPEN:
            return
        nursing.follow_script()
        waits = nursing.paused or (nursing.diverged and view.hears)
        if waits and not view.hears:
            say(f"nursing {nursing.number} pauses after epoch {nursing.epoch}, and nothing can be typed here")
            return
        if waits or time.monotonic() < due:
            stop.wait(TICK_S)
            continue
        due = time.monotonic() + pace_s
        point = next(nursing, None)
        if point is not None:
            view.show(point)


def _obey(nursing: "Nursing", view: "NurseView", line: str, reason: str) -> None:
    """Do what was typed; what cannot be done is answered."""
    from hpsearch.errors import HpsearchError
    from hpsearch.store import StaleNursingError

    if line.strip() in GOES_ON:
        nursing.go_on()
        view.reply("it goes on")
        return
    try:
        made = nursing.do(line, reason=reason)
    except StaleNursingError:
        raise
    except HpsearchError as error:
        view.reply(str(error))
    else:
        view.tell(made)


def _print_end(nursing: "Nursing", *, as_json: bool, quiet: bool) -> None:
    from hpsearch.cli.run.nurse_list import end_json, end_lines
    from hpsearch.files import file_name
    from hpsearch.store import NursingState

    if as_json:
        print_json(end_json(nursing))
        return
    for line in end_lines(nursing):
        print_text(line)
    if quiet:
        return
    name, number = nursing.study, nursing.number
    if nursing.diverged:
        here = nursing.epoch
        back = to_type(f"nurse --nursing {number} --at {here} rewind={max(0, here - 5)}", name)
        say(f"epoch {here + 1} diverged; go back, for example: {back}")
    elif nursing.state is NursingState.OPEN:
        say(f"it goes on with: {to_type(f'nurse --nursing {number}', name)}")
    for branch in (one.settings["number"] for one in nursing.interventions if "number" in one.settings):
        say(f"branch {branch} goes on with: {to_type(f'nurse --nursing {branch}', name)}")
    file = quote(file_name(f"{name}-{number}", ".safetensors"))
    say(f"its network: {to_type(f'export nursed --nursing {number} --output {file}', name)}")
