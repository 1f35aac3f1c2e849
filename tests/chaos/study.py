"""The study that every run works on: small, but with every stage, and longer than the faults take to come."""

NAME = "storm"
CONFIRM = "storm.confirm"
NEIGHBOR = "neighbor-"
"""What the names of other programs' studies begin with."""
TRIALS = 36
CONFIRMING = 6
PARALLELISM = 6
ATTEMPTS = 50
"""Kills from outside may hit one trial several times; they must not make it fail for good."""
EPOCHS = 150
RUNG = 60
CONFIRM_EPOCHS = 150
LEASE_S = 2.0

TEXT = f"""
name = "{NAME}"
seed = 5
trials = {TRIALS}
parallelism = {PARALLELISM}
attempts = {ATTEMPTS}

[data]
source = "digits"
train = 300

[model]
hidden = [16]
epochs = {EPOCHS}

[space]
lr = {{ low = 1e-4, high = 1e-1, log = true }}
dropout = {{ low = 0.0, high = 0.5 }}

[search]
rounds = [14, 8]
rungs = [{RUNG}]

[confirm]
top = 2
seeds = 2
epochs = {CONFIRM_EPOCHS}
ensemble = 2
"""
"""Two random rounds, 14 trials of TPE, a rung, confirming runs, an ensemble."""

BUDGETS = {NAME: TRIALS, CONFIRM: CONFIRMING}
"""Study -> its number of trials, exactly."""
EPOCHS_OF = {NAME: EPOCHS, CONFIRM: CONFIRM_EPOCHS}
"""Study -> the length of a complete trial's curve."""
