"""The address of a SQLite file: one file for hpsearch and for Optuna, or a refusal."""

from contextlib import closing
from pathlib import Path

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.errors import StorageError
from hpsearch.store import Ledger, masked, opened, sqlite_address

QUERY = r"options after it, found a \?; write a \? in the file's path as %3F"
TILDE = r"only a shell reads ~ as a home folder: write sqlite:////"
REFUSED = {
    "sqlite:///runs?1/x.db": QUERY,
    "sqlite:///x.db?": QUERY,
    "sqlite:///x.db?mode=ro": QUERY,
    "sqlite:///x.db?timeout": QUERY,
    "sqlite:///a?b@c.db": QUERY,
    "sqlite:///file:x.db?mode=ro&uri=true": QUERY,
    "sqlite+pysqlite:///x.db?timeout=5": QUERY,
    "sqlite:///~/x.db": TILDE,
    "sqlite:///~": TILDE,
    "sqlite:///~nobody-here/x.db": TILDE,
    "sqlite:///%7E/x.db": TILDE,
}
TAKEN = [
    "plain.db",
    "what?.db",
    "a%20b.db",
    "100%.db",
    "a#b;c&d=e.db",
    "{x}.db",
    "~.db",
    ":memory:",
    "試験 ü.db",
    "file:x.db",
    "a@b:c.db",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the current folder, an empty one, with a home folder beside it."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(here)
    return here


@pytest.mark.parametrize("blank", ["\n", " ", "\r\n", "\t", "\u00a0"])
@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql+psycopg://u:secret@127.0.0.1:1/n"])
def test_fault_60_blanks_around_an_address_are_refused(folder, url, blank):
    """A variable that was read from a file, or pasted, would name another file; no password is shown."""
    for given in (url + blank, blank + url):
        with pytest.raises(StorageError, match="found blanks or line breaks around it") as refusal:
            Ledger(given, create=True)
        assert "secret" not in str(refusal.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("url", REFUSED)
@pytest.mark.parametrize("places", [(), ("runs", "runs?1", "~", "~nobody-here")])
def test_fault_60_an_address_that_another_file_would_answer_is_refused(folder, url, places):
    """What SQLAlchemy drops, and what only a shell expands; no file and no folder is made, in no folder."""
    for place in places:
        (folder / place).mkdir()
    for _ in range(2):
        with pytest.raises(StorageError, match=REFUSED[url]):
            Ledger(url, create=True)
    assert sorted(entry.name for entry in folder.iterdir()) == sorted(places)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_fault_60_the_refusal_names_an_address_that_is_taken(folder, tmp_path):
    """What it says to write opens the file below the home folder; a path without sqlite:/// as well."""
    for given in ("sqlite:///~/x?.db".replace("?", "%3F"), "~/x?.db"):
        with pytest.raises(StorageError, match="sqlite:////") as refusal:
            Ledger(given)
        (meant,) = (word.strip(",?") for word in str(refusal.value).split() if word.startswith("sqlite:////"))
        assert sa.make_url(meant).database == str(tmp_path / "home" / "x?.db")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.sampled
def test_fault_60_hpsearch_and_optuna_meet_in_one_file(folder, terms, name):
    """The address of a path names that file: to the ledger, to Optuna, and shown to a person."""
    url = sqlite_address(Path(name))
    with closing(Ledger(url, create=True)) as ledger:
        ledger.open_study(terms())
        assert masked(url) == url
        assert sa.make_url(ledger.database.secret_url).database == str((folder / name).resolve())
    assert [entry.name for entry in folder.iterdir()] == [Path(name).name]
    storage = optuna.storages.RDBStorage(
        url.replace("{", "{{").replace("}", "}}"), engine_kwargs={"poolclass": sa.NullPool}
    )
    try:
        assert [study.study_name for study in storage.get_all_studies()] == ["study"]
    finally:
        storage.remove_session()
        storage.engine.dispose()
    with opened(url) as ledger:
        assert ledger.study_names() == ["study"]
    assert [entry.name for entry in folder.iterdir()] == [Path(name).name]


@pytest.mark.parametrize("options", ["sslmode", "sslmode=", "=x", "sslmode=require&x", "x@y", ""])
def test_fault_60_an_option_that_would_be_dropped_is_refused(options):
    """A server's address, too: an option without a value is not passed over, and it is not shown."""
    with pytest.raises(StorageError, match=r"expected NAME=VALUE after the \?, found something else"):
        masked(f"postgresql://me:geheim?@host/name?{options}")


def test_options_with_values_are_kept():
    """What is whole stays as it is, a ? in a password, too."""
    url = "postgresql+psycopg://me:a?b@host/name?options=-c%20lock_timeout%3D7&sslmode=require"
    assert masked(url).startswith("postgresql+psycopg://me:***@host/name?options=")
