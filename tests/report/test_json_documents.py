"""Where a study stands as JSON."""

from hpsearch.report.json_documents import status_to_json
from hpsearch.store import Status
from tests.report.test_text import DONE, STATUS


def test_a_status_as_json():
    """Every state has a count, the time has a zone, and an unknown best is null."""
    assert status_to_json(STATUS) == {
        "schema_version": 1,
        "study": "digits",
        "maker": "hpsearch",
        "objectives": 1,
        "budget": 100,
        "settled": 43,
        "finished": False,
        "counts": {"complete": 30, "pruned": 12, "failed": 1, "running": 4, "waiting": 0},
        "control": "run",
        "orphans": 0,
        "best": {"number": 17, "value": 0.97777},
        "workers": 2,
        "winner": None,
        "stopped": None,
        "created_at": "2023-11-14T22:13:20Z",
    }
    new = status_to_json(Status(study="new", budget=5))
    assert (new["best"], new["settled"], new["finished"]) == (None, 0, False)
    assert status_to_json(DONE)["finished"] is True
