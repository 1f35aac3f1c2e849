"""The artifact store, in a folder and behind fsspec."""

import subprocess
import sys
import threading
from itertools import count

import pytest

from hpsearch.artifacts import artifacts_address, open_artifacts
from hpsearch.errors import ArtifactError, ExitCode

_numbers = count()


@pytest.fixture(params=["folder", "file address", "memory"])
def store(request, tmp_path):
    """Return an empty store of each kind."""
    address = {
        "folder": str(tmp_path / "files"),
        "file address": (tmp_path / "some files").as_uri(),
        "memory": f"memory://store-{next(_numbers)}/files/",
    }[request.param]
    return open_artifacts(address, create=True)


def test_what_is_put_can_be_had_until_it_is_dropped(store):
    """The bytes come back as they were, another put replaces them, and what is not there is nothing."""
    assert store.get("data/a.npz") is None
    store.put("data/a.npz", b"one")
    store.put("data/b.npz", b"")
    assert (store.get("data/a.npz"), store.get("data/b.npz")) == (b"one", b"")
    store.put("data/a.npz", b"\0\xff" * 100_000)
    assert store.get("data/a.npz") == b"\0\xff" * 100_000
    for _ in range(2):
        store.drop("data/a.npz")
        assert store.get("data/a.npz") is None
    assert store.get("data/b.npz") == b""


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../a",
        "a/../b",
        "/a",
        "a//b",
        "a/",
        "a\\b",
        "a\0",
        "a\n",
        ".hidden",
        "a/.b",
        "C:a",
        "é",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_refused(store, name):
    """Names stay below the store, on every system, for all three verbs."""
    for verb in (lambda: store.put(name, b"x"), lambda: store.get(name), lambda: store.drop(name)):
        with pytest.raises(ArtifactError, match="expected a name of letters, digits"):
            verb()


def test_a_reader_sees_all_or_nothing(tmp_path):
    """While two writers take turns, every look finds one whole text, and no scratch file is left over."""
    store, over = open_artifacts(str(tmp_path)), threading.Event()
    texts = {b"a" * 300_000, b"b" * 500_000}
    store.put("x", min(texts))

    def write(text):
        while not over.is_set():
            store.put("x", text)

    writers = [threading.Thread(target=write, args=(text,)) for text in texts]
    for writer in writers:
        writer.start()
    try:
        seen = [store.get("x") for _ in range(100)]
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert set(seen) <= texts
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    """A folder in place of a name, or a file in place of a folder, is refused with the store's address."""
    store = open_artifacts(str(tmp_path))
    store.put("a/b", b"kept")
    for name in ("a", "a/b/c"):
        with pytest.raises(
            ArtifactError, match=rf"artifacts: {tmp_path}: expected a store that holds {name}"
        ):
            store.put(name, b"lost")
    assert store.get("a/b") == b"kept"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b"]


def test_a_share_that_is_not_mounted_is_told(tmp_path):
    """The folder is made only on request: a worker would write where no other machine looks."""
    store = open_artifacts(str(tmp_path / "gone"))
    for verb in (lambda: store.put("a", b"x"), lambda: store.get("a"), lambda: store.drop("a")):
        with pytest.raises(
            ArtifactError, match=r"folder that every machine sees, found none at .*gone; mount it"
        ):
            verb()
    assert not (tmp_path / "gone").exists()
    open_artifacts(str(tmp_path / "gone"), create=True).put("a", b"x")
    assert store.get("a") == b"x"
    (tmp_path / "file").touch()
    with pytest.raises(ArtifactError, match=r"expected a folder at .*file, found: file exists"):
        open_artifacts(str(tmp_path / "file"), create=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("files", "{}/files"),
        ("../files/", "{0.parent}/files"),
        ("/srv/files", "/srv/files"),
        ("file:///srv/my%20files", "/srv/my files"),
        ("file://localhost/srv", "/srv"),
        ("s3://bucket/folder/", "s3://bucket/folder"),
        ("abfs://container@account/x", "abfs://container@account/x"),
        ("memory://x", "memory://x"),
    ],
)
def test_an_address_is_the_same_everywhere(tmp_path, url, expected):
    """A relative folder becomes absolute; an object store's address stays as it is."""
    assert artifacts_address(url, base=tmp_path) == expected.format(tmp_path)


@pytest.mark.parametrize(
    "url", ["s3://key:c4nary@bucket/x", "s3://k:c4/na@ry@b", "sftp://u:c4nary@h/x", "gs://b/x?token=c4nary"]
)
def test_a_secret_in_an_address_is_refused_and_never_shown(url):
    """The address goes into the database for every worker to read."""
    with pytest.raises(ArtifactError, match="found one with a password or options in it") as refused:
        open_artifacts(url)
    assert "c4" not in str(refused.value)
    assert refused.value.exit_code is ExitCode.STORAGE


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", r"expected a folder or an address such as s3://BUCKET/FOLDER, found ''"),
        (" ", "found ' '"),
        ("s3://", "found 's3://'"),
        ("a\0b", "found 'a"),
        ("simplecache::s3://x", "found 'simplecache::s3://x'"),
        ("file://host/x", "found a file of the machine 'host'; write file:///FOLDER"),
        ("nosuch://x", "nosuch://x: expected a store, found: Protocol not known: nosuch"),
    ],
)
def test_what_is_no_address_is_refused(url, message):
    """The refusal is one line that says what an address looks like."""
    with pytest.raises(ArtifactError, match=message) as refused:
        open_artifacts(url)
    assert "\n" not in str(refused.value)


def test_a_missing_driver_is_named(monkeypatch):
    """Fsspec without the package for the kind of store says which one; so does the error."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ArtifactError, match=r"s3://b/x: expected a driver for s3, found: Install s3fs"):
        open_artifacts("s3://b/x")


def test_a_missing_extra_is_named_and_a_folder_does_without():
    """Without fsspec an object store is refused with what to type; a folder needs no extra."""
    code = (
        "import sys; sys.modules['fsspec'] = None\n"
        "from hpsearch.artifacts import open_artifacts\n"
        "open_artifacts('.').get('x')\n"
        "open_artifacts('s3://b')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    line = run.stderr.splitlines()[-1]
    assert line.endswith("s3://b: expected the package fsspec, found none; pip install 'hpsearch[remote]'")
