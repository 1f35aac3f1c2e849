"""The dropout of lanes whose streams are at their start."""

from hpsearch.nn.functions.dropout import DropoutStreams
from hpsearch.nn.streams import StreamPurpose, lane_bits


def dropout_streams(rates, seeds, dtype):
    """Return the dropout of lanes at their start, one rate and one seed a lane."""
    return DropoutStreams(rates, [lane_bits(seed, StreamPurpose.DROPOUT) for seed in seeds], dtype)
