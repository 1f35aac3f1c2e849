"""One study with several fleets: whole, by two workers, in pieces, computed again."""

import hpsearch
from hpsearch.search import fingerprint
from hpsearch.store import Ledger, opened
from hpsearch.worker import load_data, replay, search_terms
from tests.worker.loop.test_checkpoints import work_in_pieces


def expect_one_study(spec, folder):
    """Expect a study to be the same with any fleet; return the address of the one that one worker ran."""
    urls = [f"sqlite:///{folder}/{name}.db" for name in ("one", "two", "pieces")]
    one = hpsearch.start(spec, storage=urls[0], workers=1)
    two = hpsearch.start(spec, storage=urls[1], workers=2)
    assert one.fingerprint == two.fingerprint
    assert one.best == two.best
    ledger, news = Ledger(urls[2], create=True), []
    try:
        data_hash = load_data(spec, spec.base).content_hash
        ledger.open_study(search_terms(spec, data_hash=data_hash))
        settled, pieces = work_in_pieces(ledger, epochs=(1, 2, 3), news=news)
        left = ledger.database.read(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM hpsearch_checkpoints").scalar()
        )
    finally:
        ledger.close()
    assert fingerprint(settled.spec.space, settled.history) == one.fingerprint
    assert pieces > 4
    assert any("goes on from epoch" in line for line in news)
    assert left == 0
    with opened(urls[1]) as ledger:
        assert not replay(ledger, ledger.find_study(spec.name), train=True).differences
    return urls[0]
