"""A bundle: a search and its confirmation in one file that another machine can read."""

from hpsearch.bundle.bundle import Bundle, opened_bundle, taken_in, write_bundle

__all__ = ["Bundle", "opened_bundle", "taken_in", "write_bundle"]
