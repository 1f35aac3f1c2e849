"""The imports of the server that workers are forked from: all that a worker needs, before the first fork."""

import gc
from contextlib import suppress

gc.disable()  # all that is imported stays: to look through it again and again takes a tenth of the time

import hpsearch.worker.process  # noqa: E402, F401 - so that it is there
from hpsearch.worker.environment import environment  # noqa: E402

with suppress(OSError):  # a worker says what is wrong: without its server there would be none
    environment()  # it is remembered, so no worker has to look at the machine again
gc.freeze()  # no collection writes to what is there now: the forks share its pages
gc.enable()
