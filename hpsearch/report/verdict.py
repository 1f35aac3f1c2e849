"""What is said of a search whose trials are settled while its verdict is not there."""

from hpsearch.store import Status


def verdict_words(status: Status) -> str:
    """Return what is still to come, to end a line; empty while trials are open, and after the verdict.

    A worker at work judges or confirms; without one the study waits for it.
    """
    if not status.undecided:
        return ""
    return " in the search; the winner is " + ("being judged" if status.workers else "not judged yet")
