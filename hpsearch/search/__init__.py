"""What to try next: pure functions of a study and its history."""
