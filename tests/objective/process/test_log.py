"""The logs of trials that print into one pipe."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hpsearch.objective.process.log import LogStream

MARK = b"\0hpsearch 0123456789abcdef "


@given(
    prints=st.lists(st.sampled_from([b"", b"one\n", b"two \0 hpsearch", b"\0hpsear", b"\0"]), max_size=6),
    cuts=st.lists(st.integers(0, 400), max_size=8),
)
def test_each_trial_has_what_it_has_printed(prints, cuts):
    """In whatever pieces it comes, also in the middle of a mark; the last trial has no mark yet."""
    stream = b"".join(text + MARK + b"%d\n" % serial for serial, text in enumerate(prints)) + b"rest\n"
    log, ends = LogStream(MARK), [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for begin, end in pairwise(ends):
        log.add(stream[begin:end])
    shown = [text.decode().replace("\0", "\N{REPLACEMENT CHARACTER}") or None for text in prints]
    assert [log.text_of(serial) for serial in range(len(prints))] == shown
    assert log.text_of(len(prints)) == "rest\n"
