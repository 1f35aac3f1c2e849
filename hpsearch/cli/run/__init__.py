"""Commands that run a study and steer it, and the display of a running study."""
