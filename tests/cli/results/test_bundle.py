"""``export bundle``, ``import`` and ``replay FILE``: a study on another machine."""

import io
import json
import re
import signal
import zipfile
from contextlib import suppress

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsearch.bundle import opened_bundle, write_bundle
from hpsearch.bundle.archive import MANIFEST
from hpsearch.errors import BundleError
from hpsearch.report import fingerprint
from hpsearch.search import History, SearchPlan
from hpsearch.store import Ledger, opened
from hpsearch.worker import Stop, load_data, search_terms, store_verdict, work
from hpsearch.worker.identity import this_worker
from tests.cli.program import HPSEARCH, study_text
from tests.worker.studies import small_spec

ANSWERED_AT = re.compile(r'"at": "[^"]*",')
"""When an answer was given: two are not given within one second."""
QUESTIONS = (
    ("best", "--json"),
    ("status", "--json"),
    ("explain",),
)


def pack(url, path, *, name=None):
    """Write a study into a bundle; return its path."""
    with opened(url) as ledger, path.open("wb") as file:
        ledger.pack(ledger.find_study(name), lambda parcel: write_bundle(parcel, file))
    return path


def take_in(path, url, **options):
    """Take a bundle into a database."""
    ledger = Ledger(url, create=True)
    try:
        with opened_bundle(path) as bundle:
            return bundle.take_in(ledger, base=path.parent, **options)
    finally:
        ledger.close()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory, finished):
    """Return the finished small study as a bundle."""
    return pack(finished.url, tmp_path_factory.mktemp("bundle") / "small.hpsearch")


@pytest.fixture
def server_url(postgres):
    """Return the address of a database without tables on a server."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


def test_a_study_is_the_same_everywhere(program, finished, bundle, server_url):
    """From SQLite to PostgreSQL and back: the same bundle, byte for byte, and the same answers."""
    assert take_in(bundle, server_url)
    (there,) = [pack(server_url, program.folder / "there.hpsearch")]
    assert there.read_bytes() == bundle.read_bytes()
    run = program.run("import", there)
    assert (run.code, run.out, run.err) == (0, "", "study small is here now\n")
    again = program.run("import", there)
    assert (again.code, again.err) == (0, "study small is here already: nothing to do\n")
    for question in QUESTIONS:
        here, there = program.run(*question), program.run(*question, "--storage", finished.url)
        assert ANSWERED_AT.sub("", here.out) == ANSWERED_AT.sub("", there.out)
        assert here.code == 0
    assert program.run("db", "check").code == 0


def test_another_name_and_a_name_that_is_taken(program, finished, bundle):
    """A study of other settings is refused with what differs; under another name both are there."""
    spec = small_spec(program.folder, **{"seed = 6": "seed = 7"})
    ledger = Ledger(f"sqlite:///{program.folder}/hpsearch.db", create=True)
    ledger.open_study(search_terms(spec, data_hash="0" * 64))
    ledger.close()
    run = program.run("import", bundle)
    assert run.code == 2
    assert "study 'small' is here already" in run.err
    assert "study.seed: 7 -> 6" in run.err
    assert run.err.endswith("import it under another name: --as NAME\n")
    assert program.run("import", bundle, "--as", "anna").code == 0
    line = program.run("fingerprint", "--study", "anna").out.strip()
    assert line == finished.fingerprint
    program.write("anna.toml", study_text(name="anna"))
    assert program.run("start", "anna.toml").out == finished.out.replace("small: ", "anna: ")


def test_a_bundle_is_computed_again_without_a_trace(program, bundle):
    """``replay FILE`` needs no database and leaves none."""
    before = set(program.folder.iterdir())
    run = program.run("replay", bundle, "--train", "--quiet")
    assert (run.code, run.err) == (0, "")
    assert run.out == "small: 46 proposals and 46 trainings computed again: no difference\n"
    assert set(program.folder.iterdir()) == before


def test_a_study_in_progress_goes_on_elsewhere(tmp_path, finished, cache, monkeypatch):
    """Some trials settled, some running, one handed back: it ends as the study that nobody interrupted."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    spec = small_spec(tmp_path)
    here, there = f"sqlite:///{tmp_path}/here.db", f"sqlite:///{tmp_path}/there.db"
    ledger = Ledger(here, create=True)
    study = ledger.open_study(search_terms(spec, data_hash=load_data(spec, spec.base).content_hash))
    stop = Stop()
    work(
        ledger, spec.name, stop=stop, say=lambda line: stop.request() if line.startswith("trial 9 ") else None
    )
    plan, history = SearchPlan(spec), ledger.history(study).history
    proposals = []
    for number in range(len(history), len(history) + 3):
        proposals.append(plan.propose(history, number))
        history = history.with_pending(proposals[-1].internal)
    worker = ledger.enlist(study, this_worker())
    claims = ledger.claim(study, worker_id=worker, proposals=proposals, limit=3)
    ledger.release(claims[:1])
    ledger.close()
    assert len(claims) == 3
    assert isinstance(history, History)
    assert take_in(pack(here, tmp_path / "part.hpsearch"), there)
    ledger = Ledger(there)
    settled = work(ledger, spec.name, stop=Stop())
    assert fingerprint(spec.space, settled.history) == finished.fingerprint
    store_verdict(ledger, settled, Stop())
    assert not take_in(tmp_path / "part.hpsearch", there)
    ledger.close()


@pytest.fixture
def table_study(program):
    """Run a study of a data file in the folder ``home``; return its bundles, with data and without."""
    home = program.folder / "home"
    (home / "data").mkdir(parents=True)
    lines = ["x,kind", *(f"{n % 7}.5,{'ab'[n % 7 > 3]}" for n in range(90))]
    (home / "data" / "table.csv").write_text("\n".join(lines))
    text = study_text(trials=24).replace('"digits"', '"data/table.csv"\ntarget = "kind"')
    (home / "small.toml").write_text(text.replace("train = 300", ""))
    assert program.run("start", "home/small.toml", "--workers", 1).code == 0
    for name, option in (("with", ["--with-data"]), ("without", [])):
        run = program.run("export", "bundle", "--output", f"{name}.hpsearch", *option)
        assert (run.code, run.err) == (0, f"24 trials of small written to {name}.hpsearch\n")
    (home / "data" / "table.csv").rename(program.folder / "elsewhere.csv")
    return program


def test_data_come_along_or_are_asked_for(table_study):
    """With its data a bundle is enough; without, ``replay`` says which it needs; other data are refused."""
    program = table_study
    run = program.run("replay", "with.hpsearch", "--train", "--quiet")
    assert run.code == 0, run.err
    run = program.run("replay", "without.hpsearch", "--train")
    assert run.code == 2
    assert (
        "without.hpsearch: its data are not in it: expected 'data/table.csv' in this folder (hash" in run.err
    )
    other = program.folder / "data" / "table.csv"
    other.parent.mkdir()
    other.write_text("x,kind\n1,a\n2,b\n")
    run = program.run("import", "with.hpsearch", "--storage", "sqlite:///new.db")
    assert (run.code, other.read_text()) == (2, "x,kind\n1,a\n2,b\n")
    assert "data/table.csv: expected the data of with.hpsearch, found other data" in run.err
    other.unlink()
    run = program.run("import", "without.hpsearch", "--storage", "sqlite:///new.db")
    assert run.err == "study small is here now\nits data are looked for at data/table.csv in this folder\n"
    run = program.run("import", "with.hpsearch", "--storage", "sqlite:///new.db")
    assert run.err == "study small is here already: nothing to do\n"
    assert other.read_bytes() == (program.folder / "elsewhere.csv").read_bytes()
    assert program.run("replay", "--train", "--quiet", "--storage", "sqlite:///new.db").code == 0


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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


KILLED = """
import sys
from pathlib import Path
from hpsearch.bundle import opened_bundle
from hpsearch.store import Ledger
from tests.store.laws.doomed import set_moment
path, url, moment = sys.argv[1:]
ledger = Ledger(url)
set_moment(ledger.database.engine, moment if moment.isalpha() else int(moment))
with opened_bundle(Path(path)) as bundle:
    bundle.take_in(ledger, base=Path.cwd())
"""


def test_killed_half_way_nothing_is_there(program, bundle):
    """At whatever statement the process dies: no study, or after the commit the whole of it."""
    url = f"sqlite:///{program.folder}/hpsearch.db"
    Ledger(url, create=True).close()
    for moment in ("20", "commit", "answer"):
        run = program.run("-c", KILLED, bundle, url, moment, command=HPSEARCH[:1])
        assert run.code == -signal.SIGKILL, run.err
        with opened(url) as ledger:
            assert ledger.study_names() == (["small"] if moment == "answer" else [])
            engine = ledger.database.engine
            with engine.connect() as connection:
                n_trials = connection.scalar(sa.text("SELECT count(*) FROM trials"))
        assert n_trials == (46 if moment == "answer" else 0)
    assert not take_in(bundle, url)


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


def test_a_place_that_cannot_be_written_is_named(program, finished):
    """No traceback: which file, and why; nothing is made."""
    run = program.run("export", "bundle", "--storage", finished.url, "--output", "missing/x.hpsearch")
    assert (run.code, [path.name for path in program.folder.iterdir()]) == (1, ["small.toml"])
    assert run.err.startswith("hpsearch: missing/x.hpsearch: expected a file that can be written")
