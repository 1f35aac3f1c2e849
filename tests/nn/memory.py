"""What training needs of memory once its buffers are made."""

import multiprocessing
import tracemalloc
import warnings

FORKS = multiprocessing.get_context("fork")


def memory_of_epochs(trainer, n_epochs):
    """Return the bytes that so many epochs leave behind, and the most that they need at a time beside.

    Two epochs go before: what is made once is not counted. They run in a fork, which has no thread but its
    own: ``tracemalloc`` counts what every thread of a process allocates.
    """
    ours, its = FORKS.Pipe(duplex=False)
    fork = FORKS.Process(target=_send_memory, args=(its, trainer, n_epochs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads held in a fork: it waits for none
        fork.start()
    its.close()
    with ours:
        found = ours.recv()
    fork.join()
    return found


def _send_memory(pipe, trainer, n_epochs):
    trainer.run_epoch()
    tracemalloc.start()
    trainer.run_epoch()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for _ in range(n_epochs):
        trainer.run_epoch()
    after, peak = tracemalloc.get_traced_memory()
    pipe.send((after - before, peak - before))
