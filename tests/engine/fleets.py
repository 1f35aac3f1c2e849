"""Fleets of this machine, for every engine."""

from importlib.util import find_spec

import pytest

from hpsearch.study_file import FleetSpec

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="ray is not installed")


def on_this_machine(name, *, folder, workers):
    """Return a fleet whose engine needs neither a cluster nor a network."""
    options = {
        "slurm": {"cluster": "local", "folder": str(folder / "jobs")},
        "ray": {"_temp_dir": "/tmp/hpsearch-ray"},  # its sockets have no room for the long paths of tests
    }
    return FleetSpec(engine=name, workers=workers, options=options.get(name, {}))
