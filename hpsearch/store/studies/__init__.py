"""Studies: opened, found, controlled, stopped, delivered."""
