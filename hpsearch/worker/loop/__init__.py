"""The loop of one worker, and what runs beside it."""
