"""Changed data are explained by what is not as it was: rows, columns, classes, values."""

import shutil

import pytest

from hpsearch.worker import load_data
from hpsearch.worker.data.difference import what_changed
from tests.worker.studies import small_spec

TABLE = "a,b,kind\n" + "".join(f"{n % 7}.5,{n % 5},{'xy'[n % 2]}\n" for n in range(60))
SOURCE = {'"digits"\ntrain = 300': '"table.csv"\ntarget = "kind"'}
CHANGES = {
    "a row more": (TABLE + "1.5,2,x\n", "61 rows, 60 before"),
    "a column of another name": (TABLE.replace("a,b,", "a,c,"), "gone: 'b'; new: 'c'"),
    "a class more": (TABLE.replace(",4,x", ",4,z"), "classes 'x', 'y', 'z', 'x', 'y' before"),
    "another value": (TABLE.replace("3.5,3,y", "3.25,3,y"), "other values in 'a'"),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a folder with the table, and an empty cache."""
    (tmp_path / "table.csv").write_text(TABLE)
    monkeypatch.setenv("HPSEARCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", CHANGES)
def test_the_change_is_named_where_the_cache_has_the_data(home, case):
    """What a person did to the table, without a hash; with an empty cache the two hashes are left."""
    spec = small_spec(home, **SOURCE)
    wanted = load_data(spec, home).content_hash
    text, said = CHANGES[case]
    (home / "table.csv").write_text(text)
    now = load_data(spec, home)
    assert what_changed(wanted, now) == said
    shutil.rmtree(home / "cache")
    assert what_changed(wanted, now) == f"hash {wanted[:12]}, found {now.content_hash[:12]}"
