"""``dashboard --token-file``: a file that other users reach is reported."""

import os
import shlex

import pytest

pytestmark = pytest.mark.long

TOKEN = "9f31c0de7ab2548e61d9c04b"


def refused(program, file):
    """Return what a dashboard prints that reads its token and then finds no address to listen on."""
    run = program.run("dashboard", "--host", "nowhere.invalid", "--token-file", file)
    assert run.code == 2
    assert TOKEN not in run.err
    *before, last = run.err.splitlines()
    assert last == "hpsearch: --host nowhere.invalid: there is no such address; for example 127.0.0.1"
    return before


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o604, 0o620, 0o602, 0o666, 0o777])
def test_fault_75_a_token_file_that_others_reach_is_reported(program, finished, mode):
    """One line names the mode and the command that mends it; once it is typed, nothing is said."""
    finished.copy_to(program.folder)
    file = program.write("my token", TOKEN)
    file.chmod(mode)
    (line,) = refused(program, file)
    assert line == (
        f"hpsearch: --token-file {file}: expected a file that only its owner may read and write, found "
        f"mode {mode:04o}: chmod 600 {shlex.quote(str(file))}"
    )
    file.chmod(0o600)
    assert refused(program, file) == []


def test_a_pipe_is_read_by_this_process_alone(program, finished):
    """A pipe is not reported, as of ``--token-file <(command)``: it is empty here, and is no token."""
    finished.copy_to(program.folder)
    pipe = program.folder / "pipe"
    os.mkfifo(pipe, 0o644)
    run = program.run("dashboard", "--token-file", pipe)
    assert run.code == 2
    assert "chmod" not in run.err
