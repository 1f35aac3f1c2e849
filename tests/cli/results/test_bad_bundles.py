"""What is no bundle, or one that was tampered with, is refused in one line."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsearch.bundle import opened_bundle, write_bundle
from hpsearch.bundle.archive import MANIFEST
from hpsearch.errors import BundleError
from tests.cli.results.bundles import take_in


def rebuilt(bundle, path, **members):
    """Write a bundle again with some members changed and a manifest that goes with them."""
    with zipfile.ZipFile(bundle) as old:
        contents = {name: old.read(name) for name in old.namelist()} | members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            new.writestr(name, content)
    return path


def edited(bundle, path, **changes):
    """Write a bundle again with another manifest."""
    with zipfile.ZipFile(bundle) as old:
        manifest = json.loads(old.read(MANIFEST))
    return rebuilt(bundle, path, **{MANIFEST: json.dumps(manifest | changes)})


BAD = {
    "not there": (lambda _bundle, _path: None, "expected a bundle, found: no such file or directory"),
    "a folder": (lambda _bundle, path: path.mkdir(), "expected a bundle, found: is a directory"),
    "empty": (lambda _bundle, path: path.touch(), "found another file or a part of one"),
    "text": (lambda _bundle, path: path.write_text("PK is a text"), "found another file or a part of one"),
    "cut short": (
        lambda bundle, path: path.write_bytes(bundle.read_bytes()[:-200]),
        "found another file or a part of one",
    ),
    "another archive": (
        lambda _bundle, path: zipfile.ZipFile(path, "w").close(),
        "found an archive of something else",
    ),
    "another format": (
        lambda bundle, path: edited(bundle, path, format="a photograph"),
        "expected a hpsearch bundle, found 'a photograph'",
    ),
    "a newer version": (
        lambda bundle, path: edited(bundle, path, version=2),
        "found version 2 and schema .* of a newer hpsearch: use that one",
    ),
    "a newer schema": (
        lambda bundle, path: edited(bundle, path, schema="9999"),
        "schema 9999, of a newer hpsearch: use that one",
    ),
    "no members": (
        lambda bundle, path: edited(bundle, path, members={}),
        "expected the members of its manifest",
    ),
    "a path": (
        lambda bundle, path: rebuilt(bundle, path, **{"../../evil.py": b"import os"}),
        r"expected the members of its manifest, found \.\./\.\./evil\.py",
    ),
    "other trials": (
        lambda bundle, path: rebuilt(bundle, path, **{"trials-0.jsonl": b"{}\n"}),
        "trials-0.jsonl: expected .* bytes, found 3",
    ),
    "a list": (
        lambda bundle, path: rebuilt(bundle, path, **{MANIFEST: b"[1]"}),
        "expected a study, found what cannot be one: TypeError",
    ),
    "deep": (
        lambda bundle, path: rebuilt(bundle, path, **{MANIFEST: b"[" * 100_000}),
        "expected a study, found what cannot be one: RecursionError",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_bundle_is_one_line(tmp_path, bundle, name):
    """Which file, what was expected, what was found."""
    make, problem = BAD[name]
    path = tmp_path / "x.hpsearch"
    make(bundle, path)
    with pytest.raises(BundleError, match=f"x.hpsearch: .*{problem}") as caught, opened_bundle(path):
        pass
    assert "\n" not in str(caught.value)


def test_a_bomb_is_not_unpacked(tmp_path, bundle):
    """Zeros by the gigabyte are told by what the archive says of them, before they are read."""
    path = tmp_path / "x.hpsearch"
    zeros = b"0" * (65 * 2**20)
    with zipfile.ZipFile(bundle) as old:
        manifest = json.loads(old.read(MANIFEST))
    manifest["members"]["trials-0.jsonl"]["bytes"] = len(zeros)
    rebuilt(bundle, path, **{"trials-0.jsonl": zeros, MANIFEST: json.dumps(manifest)})
    with pytest.raises(BundleError, match=r"trials-0\.jsonl: expected .* bytes, found"), opened_bundle(path):
        pass


def test_a_bad_bundle_ends_with_2_and_leaves_no_database(program, bundle):
    """One line, and nothing is made."""
    path = program.write("x.hpsearch", bundle.read_bytes()[:-30])
    before = set(program.folder.iterdir())
    run = program.run("import", path.name)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert run.err.startswith("hpsearch: x.hpsearch: expected a bundle")
    assert set(program.folder.iterdir()) == before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_byte_that_changed_is_noticed_or_means_nothing(tmp_path, bundle, data):
    """Wherever it is: the bundle is refused, or it is read as the study that it was."""
    content = bytearray(bundle.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "x.hpsearch"
    path.write_bytes(content)
    with suppress(BundleError), opened_bundle(path) as found, opened_bundle(bundle) as expected:
        assert found.dump.fingerprints == expected.dump.fingerprints
        for book, other in zip(found.dump.studies, expected.dump.studies, strict=True):
            assert (book.head, list(book.trials())) == (other.head, list(other.trials()))


def test_what_goes_wrong_while_a_study_is_replayed_is_not_the_bundle(bundle):
    """Errors of whoever uses a bundle stay what they are."""

    def use():
        with opened_bundle(bundle):
            raise OSError("somebody else's")

    with pytest.raises(OSError, match="somebody else's"):
        use()


def test_a_trial_too_long_to_be_one_is_refused(tmp_path, bundle, monkeypatch):
    """A line is read only as far as a trial may be."""
    monkeypatch.setattr("hpsearch.bundle.bundle._LONGEST_LINE", 100)
    with pytest.raises(BundleError, match=r"trials-0\.jsonl: expected shorter lines"):
        take_in(bundle, f"sqlite:///{tmp_path}/x.db")


def test_data_never_lie_outside_the_folder(tmp_path, bundle):
    """A contract that names another place for its data is refused, hidden names included."""
    for source in ("../x.csv", "/etc/x.csv", "C:x.csv", ".ssh/x.csv", "x.py", "digits"):
        with opened_bundle(bundle) as found:
            contract = found.dump.studies[0].head["contract"]
            contract["study"]["data"] |= {"source": source, "target": None}
            parcel, file = found.dump, io.BytesIO()
            write_bundle(parcel, file, data=b"x,y\n")
        path = tmp_path / "x.hpsearch"
        path.write_bytes(file.getvalue())
        with pytest.raises(BundleError, match="expected data at a path inside a folder"), opened_bundle(path):
            pass
