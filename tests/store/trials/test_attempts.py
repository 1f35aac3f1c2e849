"""The attempts of a study as a timeline reads them: the worker of each, its beginning and its end."""


def test_attempts_are_read_evenly_with_their_workers(worker, ledger, study):
    """Each has its trial and its worker; one under way has no end; of many only every second is read."""
    claims = worker.claim(0, 1, 2, 3)
    worker.finish(*claims[:3])
    n, spans = ledger.attempts(study, most=100)
    assert n == 4
    assert [span.number for span in spans] == [0, 1, 2, 3]
    assert [span.outcome for span in spans] == ["finished", "finished", "finished", None]
    assert [span.ended_at is None for span in spans] == [False, False, False, True]
    (row,) = ledger.workers(study)
    assert {(span.host, span.pid) for span in spans} == {(row.host, row.pid)}
    assert ledger.attempts(study, most=2) == (4, [spans[0], spans[2]])
