"""The confirmation of a winner: the smoothed estimate that chooses finalists, their race, and its winner."""
