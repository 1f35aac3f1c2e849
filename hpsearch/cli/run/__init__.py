"""Commands that run a study and steer it."""
