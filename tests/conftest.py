"""What holds for all tests."""

import signal

# A shell that starts a job in the background lets it ignore Ctrl-C, and so would every command under test.
signal.signal(signal.SIGINT, signal.default_int_handler)
