"""What is made once, although several processes test at the same time."""

import fcntl
import os
import pickle


def once(tmp_path_factory, name, make):
    """Return what ``make`` makes in a folder: the first process that asks runs it, the others wait for it.

    Args:
        tmp_path_factory: The fixture of pytest.
        name: What it is called; the name of the folder.
        make: PredictionKind the folder, which is not there yet; what it returns can be pickled.
    """
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # the folder of all workers of this run
    note = root / f"{name}.made"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_bytes(pickle.dumps(make(root / name)))
    return pickle.loads(note.read_bytes())
