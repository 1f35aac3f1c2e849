"""What a reader of the pages has: commands that start at once, and a finished study."""

import pytest

from tests.docs.reader import Reader, environment
from tests.docs.server import Commands


@pytest.fixture(scope="session")
def variables(tmp_path_factory):
    """Return the environment of a reader's shell."""
    folder = tmp_path_factory.mktemp("bin")
    variables = environment(folder)
    commands = Commands(folder, variables)
    yield variables
    commands.close()


@pytest.fixture(scope="session")
def finished(tmp_path_factory, variables):
    """Return a reader who has typed the first command of the README, once for the session."""
    reader = Reader.in_a_checkout(tmp_path_factory.mktemp("finished"), variables)
    code, out = reader.type("hpsearch start studies/digits.toml")
    assert code == 0, out
    return reader


@pytest.fixture
def reader(finished, tmp_path):
    """Return a reader with the finished study, in a folder of their own."""
    return finished.copy_to(tmp_path)
