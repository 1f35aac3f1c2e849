"""Worker processes: their rows, their time, their machines."""
