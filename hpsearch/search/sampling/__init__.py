"""The sampling of new trials: stages, boxes of the random rounds, their draws, models, an Optuna sampler."""
