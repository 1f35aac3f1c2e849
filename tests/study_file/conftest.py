from pathlib import Path

import pytest

from hpsearch.study_file import read_study


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Return a function that writes a text to ``x.toml``, here, and reads it."""
    monkeypatch.chdir(tmp_path)

    def read(text):
        path = Path("x.toml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_study(path)

    return read
