"""``hpsearch pause``, ``resume``, ``stop``, ``cancel``: they say what a study's workers have to do."""

from typing import TYPE_CHECKING

from hpsearch.cli.options import DEFAULT_STORAGE, Quiet, Storage, StudyFlag, StudyName, say
from hpsearch.cli.studies import chosen_study

if TYPE_CHECKING:
    from hpsearch.store import Control


def pause(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Let every worker finish its current trials, then wait.

    Example: hpsearch pause digits
    """
    from hpsearch.store import Control

    _set(study, storage, Control.PAUSE, "pauses: workers finish what they train, then wait", quiet=quiet)


def resume(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Continue a study that was paused, stopped or cancelled.

    Example: hpsearch resume digits
    """
    from hpsearch.store import Control

    news = "may go on: workers that wait do so at once; hpsearch start or worker launches others"
    _set(study, storage, Control.RUN, news, quiet=quiet)


def stop(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Let every worker finish its current trials, then end.

    Example: hpsearch stop digits
    """
    from hpsearch.store import Control

    _set(study, storage, Control.STOP, "stops: workers finish what they train, then end", quiet=quiet)


def cancel(
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    quiet: Quiet = False,
) -> None:
    """Let every worker hand back its current trials, then end.

    A worker does so at the first epoch after its next heartbeat. Finished trials are kept. hpsearch start
    continues the study.

    Example: hpsearch cancel digits
    """
    from hpsearch.store import Control

    _set(study, storage, Control.CANCEL, "is cancelled: workers hand back what they train", quiet=quiet)


def _set(name: str | None, storage: str, control: "Control", news: str, *, quiet: bool) -> None:
    from hpsearch.store import opened

    with opened(storage) as ledger:
        study = chosen_study(ledger, name, quiet=quiet)
        ledger.set_control(study, control)
    if not quiet:
        say(f"study {study.name!r} {news}")
