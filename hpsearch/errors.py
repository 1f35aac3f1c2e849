"""One family of errors, each with the exit code that a command ends with."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from shlex import quote

_LONGEST_LINE = 200
TYPED = "--set"
"""The place of a setting that was typed, in place of the file."""
_DATABASE: dict[str, Callable[[], str]] = {}

ALIASES: Mapping[str, str] = {
    "act": "activation",
    "alpha": "weight_decay",
    "batch": "batch_size",
    "batchsize": "batch_size",
    "bs": "batch_size",
    "class_weights": "class_weight",
    "cv": "folds",
    "dataset": "source",
    "drop": "dropout",
    "dropout_rate": "dropout",
    "epsilon": "eps",
    "file": "source",
    "hidden_dim": "width",
    "hidden_layer_sizes": "hidden",
    "hidden_layers": "hidden",
    "hidden_size": "width",
    "hidden_units": "hidden",
    "initializer": "init",
    "l2": "weight_decay",
    "label": "target",
    "labels": "target",
    "layers": "hidden",
    "learning_rate": "lr",
    "learning_rate_init": "lr",
    "lr_schedule": "schedule",
    "lr_scheduler": "schedule",
    "max": "high",
    "max_epochs": "epochs",
    "max_iter": "epochs",
    "max_trials": "trials",
    "min": "low",
    "n_epochs": "epochs",
    "n_hidden": "width",
    "n_jobs": "workers",
    "n_layers": "depth",
    "n_trials": "trials",
    "neurons": "width",
    "nonlinearity": "activation",
    "norm": "normalization",
    "num_epochs": "epochs",
    "num_layers": "depth",
    "num_trials": "trials",
    "optim": "optimizer",
    "path": "source",
    "random_state": "seed",
    "sample_weight": "weights",
    "sampler": "model",
    "scheduler": "schedule",
    "scorer": "metric",
    "scoring": "metric",
    "solver": "optimizer",
    "units": "hidden",
    "values": "choices",
    "wd": "weight_decay",
    "y": "target",
}
"""A common name of other libraries -> the key that it has here."""


class ExitCode(IntEnum):
    """The exit status of a command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    STORAGE = 4
    NO_SUCCESS = 5
    HANDED_BACK = 75
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class HpsearchError(Exception):
    """The root of every error that hpsearch raises on purpose.

    The message is one or two lines: what was expected, what was found, where, what to do.
    """

    exit_code = ExitCode.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, or doubtful, in a study file.

    Attributes:
        message: What was expected, what was found, and what to do.
        file: The file; ``--set`` for a setting that was typed there.
        key: The key path; empty where the file as a whole is meant.
        line: The line, from 1; ``None`` where no line is known.
        column: The column in that line, from 1; ``None`` where none is known.
        severity: ``"error"``, or ``"warning"`` for what is allowed and probably not what was meant.
    """

    message: str
    file: str
    key: str = ""
    line: int | None = None
    column: int | None = None
    severity: str = "error"

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.file == TYPED and self.key:
            return f"{TYPED} {self.key}: {self.message}"
        return ": ".join(part for part in (where, self.key, self.message) if part)


class StudyFileError(HpsearchError):
    """The study file is missing, unreadable or says something that cannot be: correct the file.

    Attributes:
        faults: What is wrong, one by one; empty where no file is known.
    """

    exit_code = ExitCode.USAGE
    faults: tuple[Fault, ...] = ()

    @classmethod
    def of(cls, *faults: Fault) -> "StudyFileError":
        """Return the error of some faults, which its message has a line each for."""
        error = StudyFileError("\n".join(map(str, faults)))
        error.faults = faults
        return error


class DataError(HpsearchError):
    """The data cannot be read, split or learned from: correct the data or the ``[data]`` table."""

    exit_code = ExitCode.USAGE


class ContractError(HpsearchError):
    """The study exists with other settings: restore the file, or give the study another name."""

    exit_code = ExitCode.USAGE


class BundleError(HpsearchError):
    """The file is no bundle, is damaged, or is of a newer version: export the study again."""

    exit_code = ExitCode.USAGE


class NotFoundError(HpsearchError):
    """No study or trial of that name or number: see ``hpsearch list``."""

    exit_code = ExitCode.NOT_FOUND


class ForeignStudyError(HpsearchError):
    """The study was made by Optuna alone, and lacks what is asked for: the message says what has it."""

    exit_code = ExitCode.USAGE


class StorageError(HpsearchError):
    """The database cannot be reached, is locked, or has a schema of another version."""

    exit_code = ExitCode.STORAGE


class NoDatabaseError(StorageError):
    """There is no database at the address, or none with tables: ``hpsearch start`` makes it."""


class ArtifactError(HpsearchError):
    """The artifact store cannot be reached, or its address cannot be one: correct ``--artifacts``."""

    exit_code = ExitCode.STORAGE


class StorageWarning(UserWarning):
    """The database can be used, but something about it is not as safe as it should be."""


class MachineWarning(UserWarning):
    """This machine can work on the study, but is not quite like the one that began it."""


class SettingWarning(UserWarning):
    """A setting is allowed, and probably not what was meant."""


class CategoryWarning(UserWarning):
    """Rows hold categories that a model has not seen: they count as missing."""


class NoSuccessError(HpsearchError):
    """Every trial failed, so there is no winner."""

    exit_code = ExitCode.NO_SUCCESS


class ExportError(HpsearchError):
    """The file cannot be written: choose another place, or make room."""


class MissingPackageError(HpsearchError):
    """An optional package is not installed: install the extra that the message names."""


@contextmanager
def commands_find_database(flag: Callable[[], str]) -> Iterator[None]:
    """Let the commands in messages of all threads name the database while a command runs.

    Args:
        flag: Returns the flag with a blank before it, such as `` --storage sqlite:///a.db``, or nothing.
    """
    _DATABASE["flag"] = flag
    try:
        yield
    finally:
        _DATABASE.clear()


def to_type(words: str, study: str | None = None) -> str:
    """Return a command as a person types it in a shell, with its study and the database.

    Args:
        words: The words behind ``hpsearch``.
        study: The name of the study where the command needs one.

    Example:
        >>> to_type("enqueue --like 3", study="my study")
        "hpsearch enqueue --like 3 --study 'my study'"
    """
    where = "" if study is None else f" --study {quote(study)}"
    with suppress(HpsearchError):  # the address is wrong, which is reported by itself
        where += _DATABASE["flag"]() if _DATABASE else ""
    return f"hpsearch {words}{where}"


def did_you_mean(word: str, known: list[str]) -> str:
    """Return ``'; did you mean "x"?'`` for the known word that ``word`` means, or nothing.

    Example:
        >>> did_you_mean("learning_rate", ["lr", "l1"]), did_you_mean("epoch", ["epochs"])
        ('; did you mean "lr"?', '; did you mean "epochs"?')
    """
    alias = ALIASES.get(word.lower().replace("-", "_"))
    near = [alias] if alias in known else get_close_matches(word, known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def reason_of(error: Exception) -> str:
    """Return the reason that the system gives for an error, such as ``no space left on device``."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def first_line(error: Exception | str) -> str:
    """Return the first line of a library's error message, cut; the name of the error where it has none."""
    return (str(error).splitlines() or [type(error).__name__])[0][:_LONGEST_LINE]
