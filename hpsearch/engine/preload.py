"""The imports of the server that workers are forked from: all that a worker needs, before the first fork."""

import gc

import hpsearch.worker  # noqa: F401 - so that it is there

gc.freeze()  # no collection writes to what is there now: the forks share its pages
