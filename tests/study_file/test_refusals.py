import pytest

from hpsearch.errors import ExitCode, StudyFileError
from tests.study_file.texts import SMALLEST


def top(line):
    """Return the smallest file with a line at its top."""
    return f"{line}\n{SMALLEST}"


def also(table, line):
    """Return the smallest file with a further table."""
    return f"{SMALLEST}[{table}]\n{line}\n"


def data(line):
    """Return a small file with a line in [data]."""
    return f'[data]\nsource = "digits"\n{line}\n[space]\nlr = {{ low = 1e-5, high = 0.1 }}\n'


def space(line):
    """Return a small file with nothing but a line in [space]."""
    return f'[data]\nsource = "digits"\n[space]\n{line}\n'


def when(conditions):
    """Return a small file with a parameter on its fifth line that has these conditions."""
    return space(
        f'o = {{ choices = ["sgd", "adam"] }}\nm = {{ low = 1, high = 2, when = {{ {conditions} }} }}'
    )


REFUSED = [
    # Unknown keys, and what was probably meant.
    (
        top("trails = 3"),
        'x.toml:1: trails: expected a known key, found another key; did you mean "trials"',
    ),
    (data("vaildation = 0.1"), 'x.toml:3: data.vaildation: .*; did you mean "validation"'),
    (space("lr = { lwo = 1, high = 2 }"), 'x.toml:4: space.lr.lwo: .*; did you mean "low"'),
    (top("n_trials = 3"), 'x.toml:1: n_trials: .*, found another key; did you mean "trials"'),
    (data('path = "x.csv"'), 'x.toml:3: data.path: .*; did you mean "source"'),
    (space("lr = { min = 1, high = 2 }"), 'x.toml:4: space.lr.min: .*; did you mean "low"'),
    (also("serach", "widen = 1"), 'x.toml:5: serach: expected a known key, .*; did you mean "search"'),
    (also("search", "ronuds = []"), 'x.toml:6: search.ronuds: .*; did you mean "rounds"'),
    (also("confirm", "tops = 1"), 'x.toml:6: confirm.tops: .*; did you mean "top"'),
    (top('"a\\nb" = 1'), r'x.toml:1: "a\\nb": expected one of'),
    # What is missing.
    ("", "x.toml: data.source: expected a text in quotes, found nothing"),
    ("[data]\n", "x.toml:1: data.source: expected a text in quotes, found nothing"),
    (
        '[data]\nsource="digits"',
        "x.toml: space: expected at least one parameter, such as lr = .*, found nothing",
    ),
    (space(""), "x.toml:3: space: expected at least one parameter"),
    (space("lr = {}"), "x.toml:4: space.lr.low: expected a number, found nothing"),
    (space("lr = { low = 1 }"), "x.toml:4: space.lr.high: expected a number, found nothing"),
    # Wrong types.
    (top('trials = "ten"'), 'x.toml:1: trials: expected a whole number, found "ten"'),
    (top("trials = true"), "x.toml:1: trials: expected a whole number, found true"),
    (top("trials = 10.0"), "x.toml:1: trials: expected a whole number, found 10.0"),
    (top("seed = 1979-05-27"), "x.toml:1: seed: expected a whole number, found 1979-05-27"),
    (top("name = 3"), "x.toml:1: name: expected a text in quotes, found 3"),
    ("data = 3", "x.toml:1: data: expected a table, found 3"),
    (data("target = 3"), "x.toml:3: data.target: expected a text in quotes, found 3"),
    (data("test = true"), "x.toml:3: data.test: expected a number, found true"),
    (space("lr = 0.1"), r"x.toml:4: space.lr: expected a range such as \{ low = .*, found 0.1"),
    (space("lr = { low = true, high = 2 }"), "x.toml:4: space.lr.low: expected a number, found true"),
    (space("lr = { low = 1, high = 2, log = 1 }"), "x.toml:4: space.lr.log: expected true or false, found 1"),
    (space('lr = { choices = "relu" }'), 'x.toml:4: space.lr.choices: expected a list, found "relu"'),
    (
        also("model", "a = { b = 1 }"),
        "x.toml:6: model.a: expected true, false, a number or a text, found a table",
    ),
    (also("model", "a = [1, 2.5]"), r"x.toml:6: model.a\[1\]: expected a whole number, found 2.5"),
    (also("model", "a = nan"), "x.toml:6: model.a: expected a finite number, found nan"),
    (
        also("search", "rounds = 24"),
        r"x.toml:6: search.rounds: expected a list, found 24; for one value write \[24\]$",
    ),
    (
        also("search", "rounds = [\n1,\ntrue]"),
        r"x.toml:8: search.rounds\[1\]: expected a whole number, found true",
    ),
    # Ranges.
    (
        space("lr = { low = 0.1, high = 0.001 }"),
        r"x.toml:4: space.lr.low: expected a number below high \(0.001\), f",
    ),
    (
        space("lr.low = 2\nlr.high = 1"),
        r"x.toml:4: space.lr.low: expected a number below high \(1\), found 2",
    ),
    (
        space("lr = { low = 0, high = 0.1, log = true }"),
        "space.lr.low: expected a number above 0, because log",
    ),
    (space("lr = { low = nan, high = 0.1 }"), "space.lr.low: expected a finite number, found nan"),
    (space("lr = { low = 0.1, high = inf }"), "space.lr.high: expected a finite number, found inf"),
    (space("lr = { low = 0.1, high = 1e400 }"), "space.lr.high: expected a finite number, found inf"),
    (
        space("lr = { low = 0, high = 9007199254740993 }"),
        r"space.lr.high: expected a whole .* at most 2\*\*53",
    ),
    (
        space(f"lr = {{ low = 0, high = 0x1{'0' * 5000} }}"),
        "space.lr.high: .*found a whole number of 20001 bits",
    ),
    (
        space("lr = { low = 1, high = 2, widen = 1 }"),
        "space.lr.widen: expected none: only a logarithmic range of fractions widens, found 1",
    ),
    (space("lr = { low = 0.1, high = 2, widen = 1 }"), "space.lr.widen: expected 0, because log is not true"),
    (space("lr = { choices = [] }"), "x.toml:4: space.lr.choices: expected at least one value"),
    (
        space("lr = { choices = [1,\n1] }"),
        r"x.toml:5: space.lr.choices\[1\]: expected a value that is not given bef",
    ),
    (space("lr = { choices = [1, 'a'] }"), r"space.lr.choices\[1\]: expected a whole number like the others"),
    (
        space("lr = { choices = [1], low = 1 }"),
        "space.lr.low: expected one of choices, default, when, found an",
    ),
    (
        space("'' = { low = 1, high = 2 }"),
        'x.toml:4: space."": expected a text of 1 to 200 characters, found ""',
    ),
    (
        space('"a\\u0000" = { low = 1, high = 2 }'),
        r'space."a\\x00": expected a text without control characters',
    ),
    (
        also("model", "lr = 0.1"),
        r"x.toml:4: space.lr: expected a key in \[model\] or in \[space\], not in both",
    ),
    # Conditions.
    (when("o = 1"), "x.toml:5: space.m.when.o: expected one of the choices .*, found 1$"),
    (
        when('o = "adma"'),
        r'x.toml:5: space.m.when.o: expected .* \["sgd", "adam"\], found "adma"; did .* "adam"',
    ),
    (when('o = ["sgd", "x"]'), 'x.toml:5: space.m.when.o: expected one of the choices .*, found "x"$'),
    (when('oo = "adam"'), 'x.toml:5: space.m.when.oo: expected .* has choices, found "oo"; did you mean "o"'),
    (
        when('m = "adam"'),
        'x.toml:5: space.m.when.m: expected a parameter of the space that has choices, found "m"',
    ),
    (when("o = []"), "x.toml:5: space.m.when.o: expected at least one value"),
    (when('o = ["sgd", "sgd"]'), "x.toml:5: space.m.when.o: expected values that are all different"),
    (when("o = [[1]]"), r"x.toml:5: space.m.when.o: expected one of the choices .*, found \[1\]$"),
    (
        when("o = [[[1], 2]]"),
        r"x.toml:5: space.m.when.o\[0\]\[1\]: expected a list, found 2; for one value write \[2\]$",
    ),
    (when("o = [{}]"), r"x.toml:5: space.m.when.o\[0\]: expected true, false, a number or a text"),
    (
        when(""),
        r'x.toml:5: space.m.when: expected conditions such as \{ optimizer = "momentum" \}, found a table',
    ),
    (
        space("m = { low = 1, high = 2, when = 3 }"),
        "x.toml:4: space.m.when: expected conditions such as .*, found 3",
    ),
    (
        space("a.choices = [1]\nb.choices = [1]\na.when = { b = 1 }\nb.when = { a = 1 }"),
        "x.toml:6: space.a.when: expected no circle, found a -> b -> a",
    ),
    (
        space(
            "a.choices = [1, 2]\nb = { choices = [1], when = { a = 1 } }\n"
            "c.when = { a = 2, b = 1 }\nc.choices = [1]"
        ),
        (
            "x.toml:6: space.c.when.b: expected conditions that can hold together, "
            "also with the conditions of b, found"
        ),
    ),
    # Numbers out of bounds.
    (top("seed = -1"), r"x.toml:1: seed: expected a whole number from 0 to 2\*\*53, found -1"),
    (top("trials = 0"), "x.toml:1: trials: expected 1 to 1000000 trials, found 0"),
    (top("trials = 1000001"), "x.toml:1: trials: expected 1 to 1000000 trials, found 1000001"),
    (top("parallelism = 0"), "x.toml:1: parallelism: expected 1 to 1000000 trials in flight, found 0"),
    (data("train = 0"), "x.toml:3: data.train: expected at least 1 row, found 0"),
    (
        data("test = 1.0"),
        "x.toml:3: data.test: expected a fraction between 0 and 1, or a whole number of rows",
    ),
    (data("test = 0"), "x.toml:3: data.test: expected a fraction between 0 and 1, or a whole number of rows"),
    (data("validation = -0.1"), "x.toml:3: data.validation: expected a fraction between 0 and 1, or a whole"),
    (
        data("validation = 0.5\ntest = 0.5"),
        r"x.toml:3: data.validation: expected validation \+ test to be below 1",
    ),
    (data('target = " "'), "x.toml:3: data.target: expected the name of a column"),
    (also("search", "rounds = [5, 0]"), r"x.toml:6: search.rounds\[1\]: expected at least 1 trial, found 0"),
    (
        also("search", "rounds = [90, 11]"),
        r"x.toml:6: search.rounds: expected a sum of at most trials \(100\), found",
    ),
    (also("search", "rungs = [3, 3]"), r"x.toml:6: search.rungs\[1\]: expected an epoch above 3, found 3"),
    (also("search", "rungs = [0]"), r"x.toml:6: search.rungs\[0\]: expected an epoch above 0, found 0"),
    (also("search", "keep = 0"), "x.toml:6: search.keep: expected a share above 0, at most 1, found 0.0"),
    (also("search", "keep = 33"), "x.toml:6: search.keep: expected a share above 0, at most 1, found 33.0"),
    (
        also("search", 'start = "sobel"'),
        'x.toml:6: search.start: expected one of random, sobol, learned, found "sobel"',
    ),
    (also("search", "widen = 11"), "x.toml:6: search.widen: expected 0 to 10 decades, found 11"),
    (also("search", "widen = -1"), "x.toml:6: search.widen: expected 0 to 10 decades, found -1"),
    (also("confirm", "top = -1"), "x.toml:6: confirm.top: expected 0 or more finalists, found -1"),
    (also("confirm", "seeds = 0"), "x.toml:6: confirm.seeds: expected at least 1 seed, found 0"),
    (also("confirm", "epochs = 0"), "x.toml:6: confirm.epochs: expected at least 1 epoch, found 0"),
    (also("confirm", "ensemble = -1"), "x.toml:6: confirm.ensemble: expected 0 or more trials, found -1"),
    (
        also("stop", "target = 0"),
        "x.toml:6: stop.target: expected a value of accuracy above 0 and at most 1, found 0.0",
    ),
    (
        also("stop", "target = 98"),
        "x.toml:6: stop.target: expected a value of accuracy above 0 and at most 1, found 98.0",
    ),
    (also("stop", "hours = 0.0"), "x.toml:6: stop.hours: expected a number of hours above 0, found 0.0"),
    (also("stop", "hours = inf"), "x.toml:6: stop.hours: expected a finite number, found inf"),
    (also("stop", "plateau = 0"), "x.toml:6: stop.plateau: expected 1 to 1000000 trials, found 0"),
    (also("stop", "plateau = 2.5"), "x.toml:6: stop.plateau: expected a whole number, found 2.5"),
    (also("stop", "plato = 3"), 'x.toml:6: stop.plato: expected a known key, .*"plateau"'),
    (
        also("objective", 'metric = "accurcy"'),
        'x.toml:6: objective.metric: expected one of accuracy, .*"accuracy".*found "accurcy"',
    ),
    (
        data('task = "regression"\n[objective]\nmetric = "f1"'),
        'x.toml:5: objective.metric: expected a metric of regression: r2, rmse, mae, found "f1"',
    ),
    (
        also("objective", 'metric = "f1"\nloss = "huber"'),
        "x.toml:7: objective.loss: expected none: a classification minimizes the cross-entropy",
    ),
    (
        also("objective", 'metric = "mae"\n[stop]\ntarget = -1'),
        "x.toml:8: stop.target: expected a value of MAE at least 0, found -1.0",
    ),
    (
        also("fleet", 'engine = "dusk"'),
        'x.toml:6: fleet.engine: expected one of local, dask, slurm, ray, found "dusk"',
    ),
    (
        also("fleet", 'address = "tcp://a:1"'),
        'x.toml:6: fleet.address: expected none with engine local, found "tcp://a:1"',
    ),
    (also("fleet", "workers = 0"), "x.toml:6: fleet.workers: expected 1 to 10000 workers, found 0"),
    (also("fleet", 'artifacts = " "'), "x.toml:6: fleet.artifacts: expected a text of 1 to 512 characters"),
    (also("fleet", 'strict = "yes"'), 'x.toml:6: fleet.strict: expected true or false, found "yes"'),
    (also("fleet", "options = 3"), "x.toml:6: fleet.options: expected a table, found 3"),
    (
        also("fleet", "options = { a = [[1]] }"),
        r"x.toml:6: fleet.options.a\[0\]: expected true, false, a number or a text",
    ),
    (also("fleet", "wokers = 3"), 'x.toml:6: fleet.wokers: expected a known key, .*"workers"'),
    # Names.
    (top('name = ""'), 'x.toml:1: name: expected a text of 1 to 200 characters, found ""'),
    (
        top(f'name = "{"x" * 201}"'),
        'x.toml:1: name: expected a text of 1 to 200 characters, found 201 characters: "x{60}…"',
    ),
    (top(r'name = "a\nb"'), r'x.toml:1: name: expected a text without control characters, found "a\\nb"'),
    (top(r'name = "a\u0000"'), r"x.toml:1: name: expected a text without control characters"),
    (
        top(r'name = "a\u2028b"'),
        r'x.toml:1: name: expected a text without control characters, found "a\\u2028b"',
    ),
    (top(r'name = "a\ud800b"'), r"x.toml:1: expected valid TOML, found: "),
    (top('name = "x.confirm"'), r'x.toml:1: name: expected a name that does not end in "\.confirm"'),
    # Not TOML.
    ("a = 1\nb = = 2\n", r"x.toml:2: expected valid TOML, found: Invalid value \(column 5\)"),
    ("a = 1\na = 2\n", r"x.toml:2: expected valid TOML, found: .*\(column 6\); is a key given twice\?"),
    ("[data\n\n", r"x.toml:1: expected valid TOML, found: "),
    ("a = 1\nb = [1,\n", r"x.toml:2: expected valid TOML, found: .*\(at the end of the file\)"),
    (f"a = {'1' * 5000}", "x.toml: expected valid TOML, found: Exceeds the limit"),
    (f"a = {'[' * 50_000}", "x.toml: expected a study file, found lists nested too deeply"),
    (b"a = 1\nb = '\xff'", "x.toml:2: expected UTF-8 text, found byte 0xff; save as UTF-8"),
    (SMALLEST.encode("utf-16"), "x.toml:1: expected UTF-8 text, found byte 0xff"),
    (b"#" * (10 * 2**20), "x.toml: expected a study file of at most 1 MiB, found a larger file"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[m[:60] for _, m in REFUSED])
def test_fault_41_42_44_a_wrong_file_is_refused_in_one_line(read, text, message):
    """The refusal is one line that begins with the file, names line and key, and says what was found."""
    with pytest.raises(StudyFileError, match=message) as refusal:
        read(text)
    line = str(refusal.value)
    assert line.startswith("x.toml")
    assert line.isprintable()
    assert len(line) < 300
    assert refusal.value.exit_code is ExitCode.USAGE
