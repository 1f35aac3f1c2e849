"""What a worker process has imported when it has done its work."""

import json

from hpsearch.defaults import TimeLimits
from hpsearch.worker import run_worker
from tests.machine.loaded import told


def run_and_tell(url, name, *, delivers=True):
    """Run a worker to the end of a study; return what is loaded then, as JSON."""
    assert run_worker(url, name, fleet=1, delivers=delivers, limits=TimeLimits(patience_s=10.0))
    return json.dumps(told())
