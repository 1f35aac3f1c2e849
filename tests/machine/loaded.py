"""What a process has imported."""

import sys


def told():
    """Return the libraries, and the packages of hpsearch below the first, that are loaded; for JSON."""
    rooms = {
        name.partition(".")[2]
        for name, module in sys.modules.items()
        if name.startswith("hpsearch.") and hasattr(module, "__path__")
    }
    return sorted({name.partition(".")[0] for name in sys.modules}), sorted(rooms)
