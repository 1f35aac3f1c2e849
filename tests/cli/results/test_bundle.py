"""``export bundle``, ``import`` and ``replay FILE``: a study on another machine."""

import re
import signal

import pytest
import sqlalchemy as sa

from hpsearch.search import History, SearchPlan, fingerprint
from hpsearch.store import Ledger, opened
from hpsearch.worker import Stop, load_data, search_terms, store_verdict, work
from hpsearch.worker.identity import this_worker
from tests.cli.program import HPSEARCH, study_text
from tests.cli.results.bundles import pack, take_in
from tests.worker.studies import small_spec

ANSWERED_AT = re.compile(r'"at": "[^"]*",')
"""When an answer was given: two are not given within one second."""
QUESTIONS = (
    ("best", "--json"),
    ("status", "--json"),
    ("explain",),
)


@pytest.fixture
def server_url(postgres):
    """Return the address of a database without tables on a server."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.mark.long
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


@pytest.mark.long
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


def test_a_place_that_cannot_be_written_is_named(program, finished):
    """No traceback: which file, and why; nothing is made."""
    run = program.run("export", "bundle", "--storage", finished.url, "--output", "missing/x.hpsearch")
    assert (run.code, [path.name for path in program.folder.iterdir()]) == (1, ["small.toml"])
    assert run.err.startswith("hpsearch: missing/x.hpsearch: expected a file that can be written")
