"""Every command with the ways in which it refuses: the arguments and the exit code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Writes:
    """What a command writes, and how it refuses.

    Attributes:
        what: What it writes where it does not refuse; empty for a command that only reads.
        refusals: Arguments, as they are typed -> exit code.
        anywhere: Whether the refusals do not depend on the kind of database, so they hold on a server, too.
    """

    what: str
    refusals: dict[str, int]
    anywhere: bool = False


NO_STUDY = {
    "smal": 3,
    "--study smal": 3,
    "--study foreign": 3,
    "--study x.confirm": 3,
    "table --study small": 2,
}
"""For a command that takes one study: none of that name, one of Optuna's, a reserved name, two names."""
NO_DATABASE = {
    "--storage sqlite:///new.db": 4,
    "--storage sqlite:///nowhere/new.db": 4,
    "--storage sqlite:///what?.db": 4,
    "--storage sqlite:///~/new.db": 4,
    "--storage sqlite:///empty.db": 4,
    "--storage sqlite:///other.db": 4,
    "--storage sqlite:///note.txt": 4,
    "--storage sqlite:///older.db": 4,
    "--storage mysql://x/y": 4,
    "--storage new.db": 4,
}
READS = NO_STUDY | NO_DATABASE
READS_ANY = {words: code for words, code in READS.items() if words != "--study foreign"}
"""For a command that reads a study of Optuna's, too."""
STEERS = READS | {"--study small --nonsense": 2, "small extra": 2}

NO_FILE = {
    "missing.toml": 2,
    "unknown-key.toml": 2,
    "no-data.toml": 2,
    "reserved.toml": 2,
    "long.toml": 2,
    "small.toml --trials 0": 2,
    "small.toml --trials many": 2,
    "small.toml --engine nonsense": 2,
    "small.toml --address tcp://x": 2,
}
"""For a command that takes a study file."""

START = {
    "other-data.toml": 2,
    "other-data.toml --trials 12 --artifacts files": 2,
    "small.toml --trials 8": 2,
    "small.toml --trials 50 --strict": 2,
    "small.toml --trials 50 --notify nonsense": 2,
    "small.toml --trials 50 --artifacts s3://me:geheim@x/y": 4,
    "small.toml --trials 50 --artifacts small.toml/x": 4,
    "small.toml --trials 50 --artifacts ~/files": 4,
    "small.toml --trials 50 --engine dask --address nonsense": 1,
    "small.toml --trials 50 --lease 0": 2,
    "changed.toml --trials 50": 2,
    "changed.toml --trials 50 --artifacts files": 2,
    "no-data.toml --trials 50 --artifacts files": 2,
    "taken.toml": 2,
    "foreign.toml": 2,
    "taken.toml --artifacts files": 2,
}
NEVER_MADE = {
    f"small.toml {storage} --artifacts files": code
    for storage, code in NO_DATABASE.items()
    if storage not in {"--storage sqlite:///new.db", "--storage sqlite:///empty.db"}
} | {
    "small.toml --storage sqlite:///new.db --engine slurm": 1,
    "no-data.toml --storage sqlite:///new.db": 2,
    "reserved.toml --storage sqlite:///new.db": 2,
    "small.toml --storage sqlite:///new.db --artifacts s3://me:geheim@x/y": 4,
    "small.toml --storage sqlite:///new.db --artifacts small.toml/x": 4,
}

COMMANDS = {
    "init": Writes(
        what="a study file that is not there yet",
        refusals={
            "": 2,
            "missing.csv": 2,
            "note.txt": 2,
            "digits -o small.toml": 1,
            "digits -o nowhere/new.toml": 1,
            "digits --target kind": 2,
            "other.csv --target nonsense": 2,
        },
    ),
    "start": Writes(
        what="a database, a study, budget, control, trials, artifacts",
        refusals=NO_FILE | START,
        anywhere=True,
    ),
    "worker": Writes(
        what="trials, workers, a winner",
        refusals=NO_STUDY
        | {
            "--study small.confirm": 3,
            "--study x.confirm": 2,
            "--study x.confirm --wait 60": 2,
            "--study table": 2,
            "--study smal --wait 0.2": 3,
            "--study small --artifacts s3://me:geheim@x/y": 4,
            "--study small --fleet 0": 2,
        },
        anywhere=True,
    ),
    "check": Writes(what="", refusals=NO_FILE),
    "status": Writes(what="leases that have run out", refusals=READS_ANY),
    "watch": Writes(what="leases that have run out", refusals=READS),
    "list": Writes(what="", refusals=NO_DATABASE),
    "show": Writes(
        what="", refusals={f"3 {words}": code for words, code in READS_ANY.items()} | {"99 --study small": 3}
    ),
    "explain": Writes(what="", refusals=READS_ANY | {"--study foreign": 2} | {"99 --study small": 3}),
    "best": Writes(what="", refusals=READS_ANY | {"--study small.confirm": 3}),
    "pause": Writes(what="control", refusals=STEERS),
    "resume": Writes(what="control", refusals=STEERS),
    "stop": Writes(what="control", refusals=STEERS),
    "cancel": Writes(what="control", refusals=STEERS),
    "enqueue": Writes(
        what="a waiting trial",
        refusals={f"lr=0.01 {words}": code for words, code in READS.items()}
        | {
            "lr=0.01 smal": 2,  # the study comes first
            "smal lr=0.01": 3,
            "lr --study small": 2,
            "lr=5000 --study small": 2,
            "lr=fast --study small": 2,
            "rate=0.01 --study small": 2,
            "--like 99 --study small": 3,
            "lr=0.01 --study small.confirm": 3,
            "lr=0.01 --study small": 1,
        },
        anywhere=True,
    ),
    "retry": Writes(
        what="a failed trial",
        refusals={f"3 {words}": code for words, code in READS.items()}
        | {"3 --study small": 1, "99 --study small": 3, "three --study small": 2},
        anywhere=True,
    ),
    "nurse": Writes(
        what="a nursing, its epochs and interventions",
        refusals={
            words.replace("--study ", ""): code
            for words, code in READS.items()
            if words.startswith("--study")
        }
        | {f"small {words}": code for words, code in NO_DATABASE.items()}
        | {
            "": 2,
            "small 99": 3,
            "small 3 --new": 2,
            "small 3 --epochs 1": 2,
            "small --nursing 7": 3,
            "small --at 5": 2,
            "small --at 5 hidden=3": 2,
            "small --at 999 lr=1e-3": 2,
            "small.confirm": 3,
            "table": 2,
        },
        anywhere=True,
    ),
    "report": Writes(
        what="a file",
        refusals=READS_ANY
        | {
            "--study small --format pdf": 2,
            "--study small -o told.pdf": 2,
            "--study small -o nowhere/told.html": 1,
            "--study small -o hpsearch.db --format text": 1,
            "--study small --json --format text": 2,
        },
    ),
    "export": Writes(
        what="a file",
        refusals=READS_ANY
        | {
            "nonsense --study small": 2,
            "winner --study small": 2,
            "winner --study small -o new.csv": 2,
            "winner --study smal -o new.safetensors": 3,
            "winner --study small.confirm -o new.safetensors": 3,
            "winner --study table -o new.safetensors": 2,
            "bundle --study table -o new.hpsearch --with-data": 2,
            "bundle --study small.confirm -o new.hpsearch": 3,
            "trials --study small -o nowhere/new.csv": 1,
            "trials --study small -o hpsearch.db --format csv": 1,
            "trials --study small --format xlsx": 2,
            "bundle --study small -o hpsearch.db": 1,
            "bundle --study small --raw -o new.hpsearch": 2,
        },
    ),
    "import": Writes(
        what="a study, its data",
        refusals={
            f"{file} {storage}": 2
            for file in ("missing.hpsearch", "note.txt", "other.db", ".")
            for storage in ("", "--storage sqlite:///new.db")
        },
    ),
    "predict": Writes(
        what="a file",
        refusals={
            "": 2,
            "note.txt": 2,
            "missing.safetensors other.csv": 1,
            "note.txt other.csv": 1,
            "other.db other.csv": 1,
            ". other.csv -o new.csv": 1,
            "note.txt other.csv -o new.pdf": 2,
            "note.txt other.csv -o other.csv": 2,
        },
    ),
    "fingerprint": Writes(what="", refusals=READS_ANY),
    "compare": Writes(
        what="",
        refusals={f"small small {words}": code for words, code in NO_DATABASE.items()}
        | {"": 2, "small": 2, "small smal": 3, "small foreign": 3, "small small.confirm": 3},
    ),
    "learn": Writes(
        what="a file",
        refusals={f"{words} -o new.json": code for words, code in NO_DATABASE.items()}
        | {"smal -o new.json": 3, "foreign -o new.json": 3, "small -o nowhere/new.json": 1},
    ),
    "replay": Writes(
        what="",
        refusals=READS | {"missing.hpsearch": 2, "note.txt": 2, "--train --study table": 2},
    ),
    "delete": Writes(
        what="a study's rows",
        refusals={f"small --yes {words}": code for words, code in NO_DATABASE.items()}
        | {"": 2, "small": 2, "smal --yes": 3, "small.confirm --yes": 3, "foreign --yes": 3},
        anywhere=True,
    ),
    "rename": Writes(
        what="names",
        refusals={f"small other {words}": code for words, code in NO_DATABASE.items()}
        | {
            "small": 2,
            "smal other": 3,
            "small.confirm other": 3,
            "foreign other": 3,
            "small foreign": 2,
            "small small": 2,
            "small new": 2,
            "small x.confirm": 2,
            "small ''": 2,
        },
        anywhere=True,
    ),
    "dashboard": Writes(
        what="what a user edits",
        refusals={"--port 1 --storage sqlite:///new.db": 4, "--port 1 --storage sqlite:///what?.db": 4}
        | {"--host 0.0.0.0": 2, "--port 70000": 2, "--token-file missing.txt": 2},
    ),
    "doctor": Writes(
        what="a throw-away database, which is gone afterwards",
        refusals={words: code for words, code in NO_DATABASE.items() if "what?" in words or "older" in words},
    ),
    "db current": Writes(
        what="", refusals={"--storage sqlite:///new.db": 4, "--storage sqlite:///note.txt": 4}
    ),
    "db upgrade": Writes(
        what="tables",
        refusals={words: code for words, code in NO_DATABASE.items() if "empty" not in words},
    ),
    "db check": Writes(
        what="", refusals={"--storage sqlite:///new.db": 4, "--storage sqlite:///what?.db": 4}
    ),
    "db backup": Writes(
        what="a file",
        refusals={
            "": 2,
            "hpsearch.db": 4,
            "small.toml": 4,
            "nowhere/copy.db": 4,
            "copy.db --storage sqlite:///new.db": 4,
        },
    ),
}
"""Name of a command -> what it writes and how it refuses; every command is here."""
