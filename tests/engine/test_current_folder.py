"""Files beside a study that are named like modules: no process that hpsearch starts takes them for these."""

import sys

import pytest

from tests.cli.program import ROOT, Program, ended, eventually
from tests.engine.matrix import fleet_text

pytestmark = pytest.mark.long

_PACKAGES = """
    alembic click cloudpickle dask distributed hpsearch joblib numpy optuna packaging psutil psycopg rich
    safetensors scipy sitecustomize sklearn sqlalchemy submitit tests threadpoolctl tornado typer
    usercustomize waitress yaml
"""
NAMES = sorted(sys.stdlib_module_names.union(_PACKAGES.split()))
"""All of the standard library, and what a worker or an engine imports besides."""

NEIGHBOR = """
import os, sys
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "executed.txt"), "a") as file:
    print(os.getpid(), __name__, file=file)
found, sys.path = sys.path, [entry for entry in sys.path if os.path.abspath(entry) != here]
del sys.modules[__name__]
__import__(__name__)
sys.path = found
"""
"""Notes which process executes it, then steps aside for the module that it is named like."""

STUDY = """
name = "tiny"
trials = 2
parallelism = 1
[data]
source = "digits"
train = 100
[model]
hidden = [4]
epochs = 1
[space]
lr = { low = 1e-3, high = 1e-1, log = true }
[confirm]
top = 0
"""

START = """
import hpsearch

def run():
    return hpsearch.start(hpsearch.load_study_file("tiny.toml"), workers=1).fingerprint
"""
GUARDED = START + '\nif __name__ == "__main__":\n    print(run())\n'
CLUSTER = """
import time
import distributed

cluster = distributed.LocalCluster(
    n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", host="127.0.0.1",
    dashboard_address="127.0.0.1:0", worker_dashboard_address="127.0.0.1:0",
)
with open("address.txt", "w") as file:
    print(cluster.scheduler_address, file=file)
time.sleep(600)
"""


@pytest.fixture
def attacked(program):
    """Return a program in a folder with a small study and a file for every name."""
    program.write("tiny.toml", STUDY)
    for name in NAMES:
        program.write(f"{name}.py", NEIGHBOR)
    return program


@pytest.fixture
def elsewhere(tmp_path_factory, cache):
    """Return a program in another folder, which holds the command as ``bin`` does, and a cluster of Dask."""
    program = Program(folder=tmp_path_factory.mktemp("elsewhere"), cache=cache)
    program.write("command.py", "from hpsearch.cli import main\nmain()\n")
    program.write("cluster.py", CLUSTER)
    return program


def executed(program, launcher=None):
    """Return the names of the files that were executed by another process than the launcher."""
    file = program.folder / "executed.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    return sorted({line.split()[1] for line in lines if line.split()[0] != str(launcher)})


def expect_clean(program, *arguments, **environment):
    """Run Python; it must end well and in silence, and no other process may have executed a neighbor."""
    process = program.launch(*arguments, command=(sys.executable,), **environment)
    run = ended(process)
    assert executed(program, process.pid) == []
    assert (run.code, run.err) == (0, "")
    return run


def test_the_neighbors_are_executed_where_python_looks_for_them(attacked):
    """The files are found: a process whose path begins with the current folder does execute them."""
    text = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    names = ["string", "random", "numpy"]
    run = attacked.run("-c", text, *names, command=(sys.executable,))
    assert run.code == 0, run.err
    assert set(names) <= set(executed(attacked))


@pytest.mark.parametrize("engine", ["local", "dask", "slurm"])
def test_fault_64_workers_of_every_engine_do_without_the_current_folder(attacked, elsewhere, engine):
    """Three hundred files that are named like modules of Python and of packages: none is executed."""
    attacked.write("tiny.toml", STUDY + fleet_text(engine, folder=attacked.folder))
    expect_clean(attacked, elsewhere.folder / "command.py", "start", "tiny.toml", "--workers", "1", "--quiet")


def test_fault_64_the_doctor_does_without_the_current_folder(attacked, elsewhere):
    """Neither do the processes that measure this machine and the storage."""
    expect_clean(attacked, elsewhere.folder / "command.py", "doctor", "--storage", "sqlite:///other.db")


@pytest.mark.parametrize("path", [":", f":{ROOT}", f"{ROOT}::", f"{ROOT}:"])
def test_fault_64_an_empty_part_of_the_path_is_not_the_current_folder(attacked, elsewhere, path):
    """``PYTHONPATH=$NOTHING:more`` names the current folder by accident."""
    attacked.folder.joinpath("encodings.py").unlink()  # with that no Python starts, so none gets to a command
    command = elsewhere.folder / "command.py"
    expect_clean(attacked, command, "start", "tiny.toml", "--workers", "1", "--quiet", PYTHONPATH=path)


@pytest.mark.parametrize("way", ["script", "package", "module", "code", "input"])
def test_fault_64_a_program_of_a_user_hands_no_folder_on(attacked, way):
    """A script, a module, a line of code, a notebook: Python gives them a folder, their workers have none."""
    attacked.write("study_script.py", GUARDED)
    attacked.write("study_functions.py", START)
    attacked.write("study_main.py", "from study_functions import run\nprint(run())\n")
    arguments = {
        "script": ("study_script.py",),
        "package": ("study_main.py",),
        "module": ("-m", "study_script"),
        "code": ("-c", GUARDED),
        "input": ("-c", "import sys; sys.path[0] = ''; from study_functions import run; print(run())"),
    }[way]
    run = expect_clean(attacked, *arguments)
    assert len(run.out.strip()) == 64


def test_fault_64_a_script_elsewhere_hands_neither_folder_on(attacked, elsewhere):
    """The script's own folder is no more the workers' than the current one."""
    for name in NAMES:
        elsewhere.write(f"{name}.py", NEIGHBOR)
    script = elsewhere.write("study_script.py", GUARDED)
    process = attacked.launch(script, command=(sys.executable,))
    run = ended(process)
    assert (executed(attacked, process.pid), executed(elsewhere, process.pid)) == ([], [])
    assert (run.code, run.err) == (0, "")


def test_fault_64_a_call_in_a_worker_of_dask_does_without_the_current_folder(attacked, elsewhere):
    """A cluster of the user's own, started in the folder: the process that a call has there is clean."""
    attacked.launch(elsewhere.folder / "cluster.py", command=(sys.executable,))
    file = attacked.folder / "address.txt"
    address = eventually(lambda: file.exists() and file.read_text().endswith("\n") and file.read_text())
    asked = ("--engine", "dask", "--address", address.strip(), "--workers", "1", "--quiet")
    expect_clean(attacked, elsewhere.folder / "command.py", "start", "tiny.toml", *asked)


def test_what_a_user_names_in_the_path_stays_there(program):
    """A folder in ``PYTHONPATH`` is the user's will, for workers as well."""
    program.write("tiny.toml", STUDY)
    extra = program.folder / "extra"
    extra.mkdir()
    (extra / "sitecustomize.py").write_text("import os\nopen(f'{os.getpid()}.seen', 'w').close()\n")
    path = f"{extra}:{ROOT}"
    run = program.run("start", "tiny.toml", "--workers", "1", "--quiet", PYTHONPATH=path)
    assert (run.code, run.err) == (0, "")
    assert len(list(program.folder.glob("*.seen"))) >= 2
