"""The imports of the server that workers are forked from: all that a worker needs, before the first fork."""

import gc

gc.disable()  # all that is imported stays: to look through it again and again takes a tenth of the time

import hpsearch.worker.process  # noqa: E402, F401 - so that it is there
from hpsearch.worker.environment import environment  # noqa: E402

environment()  # it is remembered: no worker has to look at the machine again
gc.freeze()  # no collection writes to what is there now: the forks share its pages
gc.enable()
