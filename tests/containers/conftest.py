import pytest

from tests.cli.fixtures import cache
from tests.cli.program import ROOT, study_text
from tests.containers.machine import Machine
from tests.machine.postgres import _free_port

__all__ = ["cache"]

PASSWORD = "p@ss:/?#%{}'\" $HOME"
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def machine(tmp_path_factory, cache, postgres):
    """Return a machine with the project's files, a small study, and nothing started."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "small.toml").write_text(study_text(epochs=80))
    variables = {
        "HPSEARCH_DB_PASSWORD": PASSWORD,
        "HPSEARCH_DASHBOARD_TOKEN": TOKEN,
        "HPSEARCH_STUDIES": str(folder),
        "HPSEARCH_STUDY": "small",
    }
    machine = Machine(
        file=ROOT / "docker-compose.yml",
        dockerfile=ROOT / "Dockerfile",
        variables=variables,
        folder=folder,
        server=postgres,
        port=_free_port(),
    )
    (folder / "work" / ".cache").mkdir()
    (folder / "work" / ".cache" / "hpsearch").symlink_to(cache)  # the data are prepared once for all tests
    yield machine
    machine.end()
