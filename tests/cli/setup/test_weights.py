"""``init --weights`` and ``check``: what is written and said of a column of weights."""

import tomllib


def test_the_weights_of_rows_are_written(program):
    """The column is no feature and no class, whatever its name says; a name without a column is refused."""
    cells = [f"{k % 7}.5,{k % 4},{'xy'[k * k % 3 % 2]}" for k in range(240)]
    program.write("t.csv", "\n".join(["a,label,kind", *cells]))
    run = program.run("init", "t.csv", "--weights", "label")
    assert run.code == 0, run.err
    text = (program.folder / "t.toml").read_text()
    data = tomllib.loads(text)["data"]
    assert (data["target"], data["weights"]) == ("kind", "label")
    assert '# 180 rows, 1 columns to learn from: "a"\n' in text
    loss = "column 'label' weighs the rows in the training loss, from 1 to 3; metrics count every row alike"
    few = "60 of 240 rows are left out, because their weight is 0 (rows from 0: 0, 4, 8, 12, 16, ...)"
    assert all(f"# {note}\n" in text and f"{note}\n" in run.err for note in (loss, few))
    checked = program.run("check", "t.toml")
    assert "study.data.weights = label\n" in checked.out
    assert all(f"hpsearch: t.toml: {note}\n" in checked.err for note in (loss, few))
    wrong = program.run("init", "t.csv", "--weights", "lable", "-o", "wrong.toml")
    assert (wrong.code, wrong.out) == (2, "")
    assert "t.csv: weights: expected a column 'lable', found none; did you mean \"label\"?" in wrong.err
    assert not (program.folder / "wrong.toml").exists()
