"""Studies that Optuna alone has made, read from Optuna's tables; nothing here writes."""
