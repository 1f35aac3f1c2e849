"""One study on every engine, in every database, with one worker and with eight: ``make fleet-matrix``."""

import itertools
import sys
import tempfile
from pathlib import Path

from hpsearch.study_file import ENGINES, toml_text
from tests.cli.program import Program, study_text
from tests.engine.fleets import on_this_machine
from tests.machine.postgres import Postgres

CELLS = tuple(itertools.product(ENGINES, ("sqlite", "postgresql"), (1, 8)))


def fleet_text(name, *, folder):
    """Return the table ``[fleet]`` of an engine of this machine."""
    fleet = on_this_machine(name, folder=folder, workers=1)
    options = "".join(f"{key} = {toml_text(value)}\n" for key, value in fleet.options.items())
    return f'\n[fleet]\nengine = "{name}"\n\n[fleet.options]\n{options}'


def run_cell(program, engine, url, workers, **settings):
    """Run the small study to its end; return its fingerprint."""
    program.write("cell.toml", study_text(**settings) + fleet_text(engine, folder=program.folder))
    where = ("--storage", url)
    run = program.run("start", "cell.toml", "--workers", workers, "--quiet", *where, timeout_s=240)
    assert run.code == 0, run.err
    assert run.err == ""
    return program.run("fingerprint", *where).out.strip()


def main():
    """Print each cell and its fingerprint; exit with 1 unless all are the same."""
    found = set()
    with Postgres() as server, tempfile.TemporaryDirectory() as root:
        for engine, database, workers in CELLS:
            folder = Path(tempfile.mkdtemp(dir=root))
            program = Program(folder=folder, cache=Path(root) / "cache")
            url = server.new_database() if database == "postgresql" else f"sqlite:///{folder}/hpsearch.db"
            line = run_cell(program, engine, url, workers)
            found.add(line)
            sys.stdout.write(f"{engine:<6} {database:<11} {workers} workers  {line}\n")
            sys.stdout.flush()
            if database == "postgresql":
                server.drop_database(url)
    sys.exit(len(found) != 1)


if __name__ == "__main__":
    main()
