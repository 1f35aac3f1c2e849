"""The objective that calls a function of the user's."""
