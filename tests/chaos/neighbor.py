"""``python -m tests.chaos.neighbor``: another program on the database, with studies of its own.

It makes a study and deletes it through Optuna, or changes the rows of one as no program should. It waits for
nothing and answers to nothing: what is in its way is tried again for a while.
"""

import os
import random
import sys
import time
import warnings
from contextlib import suppress

import optuna
import sqlalchemy as sa
from optuna.storages import RDBStorage

from hpsearch.search import Proposal, TrialState
from hpsearch.space import FloatParameter, Space
from hpsearch.store import Ledger, Result, Terms, WorkerIdentity
from tests.chaos.study import NEIGHBOR
from tests.contracts import contract_of

SPACE = Space((FloatParameter(name="lr", low=0.0, high=1.0),))
PATIENCE_S = 20.0
DAMAGE = (
    "UPDATE trials SET state = 'RUNNING' WHERE study_id = {key} AND number = 1",
    "UPDATE trials SET number = number + 7 WHERE study_id = {key}",
    "DELETE FROM trial_params WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = {key})",
    "UPDATE hpsearch_studies SET contract = '[' WHERE study_id = {key}",
    "UPDATE hpsearch_studies SET admitted = 2, newest_trial_id = 0 WHERE study_id = {key}",
    "UPDATE hpsearch_studies SET search_id = -1 WHERE study_id = {key}",
    "UPDATE hpsearch_attempts SET lease_until = 0, number = number + 100 WHERE study_id = {key}",
    "UPDATE hpsearch_workers SET process = 'x', beat_at = 0 WHERE study_id = {key}",
    "DELETE FROM hpsearch_attempts WHERE study_id = {key}",
    "DELETE FROM hpsearch_studies WHERE study_id = {key}",
    "DELETE FROM study_system_attributes WHERE study_id = {key}",
)
"""Changes of the rows of one study."""


def make_study(url, name, rng):
    """Make a study of hpsearch with settled and running trials."""
    ledger = Ledger(url)
    try:
        contract = contract_of(SPACE, name=name)
        study = ledger.open_study(Terms(name=name, contract=contract, base="/", budget=9, parallelism=9))
        worker_id = ledger.enlist(study, WorkerIdentity(host="elsewhere", process=name, pid=1))
        proposals = [Proposal(number=n, internal=(rng.random(),), stage="round 0") for n in range(9)]
        limit = rng.randint(3, 9)
        claims = ledger.claim(study, worker_id=worker_id, proposals=proposals, limit=limit)
        done = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.5,))
        ledger.finish([(claim, done) for claim in claims[: rng.randint(0, limit)]])
    finally:
        ledger.close()


def make_plain_study(storage, name, rng):
    """Make a study that Optuna alone knows, with settled and waiting trials."""
    study = optuna.create_study(study_name=name, storage=storage)
    for _ in range(rng.randint(1, 5)):
        study.add_trial(optuna.trial.create_trial(value=rng.random()))
    study.enqueue_trial({"x": 1})


def live(url, *, deletes, pause_s, rng):
    """Make studies, and delete them or change their rows, with pauses."""
    storage = RDBStorage(url, engine_kwargs={"poolclass": sa.NullPool}, skip_table_creation=True)
    names = [f"{NEIGHBOR}{os.getpid()}-{k}" for k in range(rng.randint(1, 3))]
    for name in names:
        if deletes and rng.random() < 0.3:
            make_plain_study(storage, name, rng)
        else:
            make_study(url, name, rng)
    time.sleep(pause_s)
    for name in rng.sample(names, len(names)):
        if deletes:
            optuna.delete_study(study_name=name, storage=storage)
        else:
            key = storage.get_study_id_from_name(name)
            with storage.engine.begin() as connection:
                for text in rng.sample(DAMAGE, rng.randint(1, 4)):
                    connection.execute(sa.text(text.format(key=key)))


def main():
    """Live until it has worked once, or for so long."""
    url, how, pause_s, seed = sys.argv[1:]
    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    rng, until_s = random.Random(seed), time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        with suppress(Exception):  # the storm hits it as well
            live(url, deletes=how == "delete", pause_s=float(pause_s), rng=rng)
            return
        time.sleep(0.2)


if __name__ == "__main__":
    main()
