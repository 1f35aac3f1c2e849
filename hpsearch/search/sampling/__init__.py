"""The sampling of new trials: stages, boxes of the random rounds, their draws, TPE, and an Optuna sampler."""
