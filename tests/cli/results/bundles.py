"""Bundles written and taken in without the command line."""

from hpsearch.bundle import opened_bundle, write_bundle
from hpsearch.store import Ledger, opened


def pack(url, path, *, name=None):
    """Write a study into a bundle; return its path."""
    with opened(url) as ledger, path.open("wb") as file:
        ledger.pack(ledger.find_study(name), lambda parcel: write_bundle(parcel, file))
    return path


def take_in(path, url, **options):
    """Take a bundle into a database."""
    ledger = Ledger(url, create=True)
    try:
        with opened_bundle(path) as bundle:
            return bundle.take_in(ledger, base=path.parent, **options)
    finally:
        ledger.close()
