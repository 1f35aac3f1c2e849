"""Why a trial or a confirming run is what it is."""
