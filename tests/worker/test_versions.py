"""What workers run on: noted, compared with the first, refused where the study is strict."""

import json
import os
import platform
import shutil
import subprocess
import sys

import pytest

from hpsearch.errors import ContractError
from hpsearch.store import BITS, WorkerIdentity, differences, mixtures
from hpsearch.worker import load_data, search_terms, unlike_first
from hpsearch.worker.environment import code_hash, environment
from hpsearch.worker.identity import this_worker
from tests.cli.program import ROOT, Program, rows
from tests.worker.studies import small_spec

SHORT = {"[16, 8]": "[8]", "trials = 40": "trials = 8", "top = 2": "top = 0"}
TELL = "import json; from hpsearch.worker.environment import environment; print(json.dumps(environment()))"


def identity(process, **facts):
    """Return a worker on a machine like this one but for some facts."""
    return WorkerIdentity(host="there/x", process=process, pid=1, environment=environment() | facts)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """Return another checkout of the package, in which one comment is another."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "hpsearch", root / "hpsearch", ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "hpsearch" / "nn" / "step.py").open("a") as file:
        file.write("# another comment\n")
    return root


@pytest.fixture
def short(tmp_path, cache, monkeypatch):
    """Return the specification of a study of eight random trials."""
    monkeypatch.setenv("HPSEARCH_CACHE", str(cache))
    return small_spec(tmp_path, **SHORT)


def terms_of(spec, **more):
    """Return the terms of a study with its data."""
    return search_terms(spec, data_hash=load_data(spec, spec.base).content_hash, **more)


def test_the_code_is_known_by_its_hash(tmp_path):
    """A comment, a name or a new file makes other code; ends of lines, migrations and caches do not."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.py").write_bytes(b"a = 1\nb = 2\n")
    first = code_hash(tmp_path)
    assert len(first) == 32
    (tmp_path / "a" / "x.py").write_bytes(b"a = 1\r\nb = 2\r\n")
    (tmp_path / "store" / "alembic").mkdir(parents=True)
    (tmp_path / "store" / "alembic" / "env.py").write_text("1")
    (tmp_path / "a" / "x.pyc").write_bytes(b"1")
    assert code_hash(tmp_path) == first
    (tmp_path / "a" / "x.py").write_bytes(b"a = 1\nb = 2\n#\n")
    commented = code_hash(tmp_path)
    (tmp_path / "a" / "x.py").rename(tmp_path / "a" / "y.py")
    renamed = code_hash(tmp_path)
    (tmp_path / "z.py").touch()
    assert len({first, commented, renamed, code_hash(tmp_path)}) == 4


def test_differences_are_those_that_change_bits():
    """Other cores or another kernel of the system are nothing; what nobody has noted is not a difference."""
    here = environment()
    assert set(BITS) <= set(here)
    assert differences(here, here | {"cores": 999, "platform": "x", "optuna": "0", "hpsearch": "9"}) == []
    found = differences(here | {"numpy": "2.4.6"}, here | {"numpy": "2.3.1", "simd": "X"})
    assert found == ["numpy 2.4.6 here, 2.3.1 there", f"simd {here['simd']} here, X there"]
    assert differences(here, {"numpy": here["numpy"]}) == differences({}, here) == []
    assert mixtures([here, {}, here | {"libc": "musl"}, here]) == {"libc": [here["libc"], "musl"]}
    assert mixtures([]) == {}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the kernels are those of this kind of processor")
def test_the_kernels_that_blas_has_chosen_are_noted():
    """Two processors, as BLAS sees them, are two environments, and nothing else differs."""
    found = [
        json.loads(subprocess.check_output([sys.executable, "-c", TELL], env=os.environ | more, cwd=ROOT))
        for more in ({"OPENBLAS_CORETYPE": "Nehalem"}, {"OPENBLAS_CORETYPE": "Haswell"})
    ]
    assert differences(*found) == ["blas_core Nehalem here, Haswell there"]


def test_only_another_machine_is_told(ledger, short):
    """The first worker has nobody to differ from; one like it is silent; only the first counts."""
    study = ledger.open_study(terms_of(short))
    assert unlike_first(ledger, study) is None
    ledger.enlist(study, this_worker())
    ledger.enlist(study, identity("2", numpy="0.1"))
    assert unlike_first(ledger, study) is None
    other = ledger.open_study(terms_of(small_spec(short.base, **SHORT, small="other")))
    ledger.enlist(other, identity("1", numpy="0.1", python=None))
    assert unlike_first(ledger, other) == (
        "this machine differs from the first worker of study 'other', on host there: "
        f"python {environment()['python']} here, None there, numpy {environment()['numpy']} here, 0.1 there; "
        "results may differ in the last bits"
    )


def test_strict_holds_until_it_is_taken_back(ledger, short):
    """A start that says nothing leaves it, and where the files are; one that says otherwise changes it."""
    study = ledger.open_study(terms_of(short, strict=True, artifacts="/files"))
    assert (study.strict, study.artifacts) == (True, "/files")
    study = ledger.open_study(terms_of(short))
    assert (study.strict, study.artifacts) == (True, "/files")
    ledger.enlist(study, identity("1", blas="mkl"))
    with pytest.raises(ContractError, match=r"on host there: blas scipy.* here, mkl there\ninstall"):
        ledger.enlist(study, this_worker())
    assert [worker.pid for worker in ledger.workers(study)] == [1]
    ledger.enlist(study, identity("2", blas="mkl", cores=512))
    loose = ledger.open_study(terms_of(short, strict=False, artifacts="/other"))
    assert (loose.strict, loose.artifacts) == (False, "/other")
    assert ledger.find_study(study.name) == loose
    ledger.enlist(study, this_worker())  # it was read while it was strict
    assert len(ledger.workers(study)) == 3


@pytest.mark.long
def test_another_checkout_is_refused_or_told(ledger, short, checkout, cache, tmp_path):
    """A strict study takes no worker whose code is not the first one's; any other is told of it."""
    program = Program(folder=tmp_path, cache=cache)
    study = ledger.open_study(terms_of(short, strict=True))
    ledger.retire(ledger.enlist(study, this_worker()))
    refused = program.run("worker", PYTHONPATH=str(checkout))
    assert refused.code == 2
    assert refused.err == (
        "hpsearch: study 'small' is strict, and this machine differs from its first worker, on host "
        f"{platform.node()}: code {code_hash(checkout / 'hpsearch')} here, {code_hash()} there\n"
        "install the same here, or let it be: hpsearch start FILE --no-strict\n"
    )
    assert len(ledger.workers(study)) == 1
    assert rows(tmp_path / "hpsearch.db", "SELECT * FROM hpsearch_attempts") == []
    flags = ("--workers", 1, "--no-strict", "--quiet")
    told = program.run("start", "small.toml", *flags, PYTHONPATH=str(checkout))
    assert told.code == 0, told.err
    line = "hpsearch: this machine differs from the first worker of study 'small', on host "
    assert told.err.startswith(line)
    assert told.err.count("\n") == 1
    codes = f"{code_hash()}, {code_hash(checkout / 'hpsearch')}"
    last = program.run("status").out.splitlines()[-1]
    assert last == f"workers differ: code {codes}; the last bits of results may, too"


def test_a_worker_says_it_once(ledger, short, checkout, cache, tmp_path):
    """One line on standard error, before the first trial."""
    program = Program(folder=tmp_path, cache=cache)
    study = ledger.open_study(terms_of(short))
    ledger.retire(ledger.enlist(study, this_worker()))
    joined = program.run("worker", PYTHONPATH=str(checkout))
    assert joined.code == 0, joined.err
    lines = joined.err.splitlines()
    assert lines[0].startswith("this machine differs from the first worker of study 'small', on host ")
    assert len([line for line in lines if "differs" in line]) == 1
    assert len(lines) > 8
