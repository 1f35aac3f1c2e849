"""Login: the token, the sessions that it opens, and what slows guesses down."""
