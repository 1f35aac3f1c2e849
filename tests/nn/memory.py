"""What training needs of memory once its buffers are made."""

import tracemalloc


def memory_of_epochs(trainer, n_epochs):
    """Return the bytes that so many epochs leave behind, and the most that they need at a time beside.

    Two epochs go before: what is made once is not counted. The least of three tries: other threads of this
    process allocate, too.
    """
    tries = [_memory_of_epochs(trainer, n_epochs) for _ in range(3)]
    return min(kept for kept, _ in tries), min(needed for _, needed in tries)


def _memory_of_epochs(trainer, n_epochs):
    trainer.run_epoch()
    tracemalloc.start()
    try:
        trainer.run_epoch()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in range(n_epochs):
            trainer.run_epoch()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before, peak - before
