"""What a worker process has imported when it has done its work."""

import json
import sys

from hpsearch.defaults import TimeLimits
from hpsearch.worker import run_worker


def run_and_tell(url, name, *, delivers=True):
    """Run a worker to the end of a study; return the libraries that are loaded then, as JSON."""
    assert run_worker(url, name, fleet=1, delivers=delivers, limits=TimeLimits(patience_s=10.0))
    return json.dumps(sorted({module.partition(".")[0] for module in sys.modules}))
