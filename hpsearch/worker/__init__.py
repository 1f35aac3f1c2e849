"""The loop of one worker: claim, train, report, finish."""
