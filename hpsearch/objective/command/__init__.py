"""The objective that runs a command of the user's."""
