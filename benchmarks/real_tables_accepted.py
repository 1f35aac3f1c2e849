"""Type ``hpsearch init FILE --target T`` and ``hpsearch start`` on CSV files as packages ship them.

Needs the extra ``bench``. The files are copied byte for byte: with their index columns, dates, missing cells.
"""

import argparse
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from real_tables import run
from real_tables_files import package_folder

R_FILES = (
    "Aids2:status Benefits:ui Blackmoor:group Boston:medv BudgetUK:wfood Bwages:wage Caschool:testscr "
    "Chile:vote Clothing:tsales Computers:price Cowles:volunteer Crime:crmrte Diamond:price Doctor:doctor "
    "Fair:nbaffairs Fishing:mode Forbes2000:category GaltonFamilies:childHeight Griliches:med Hdma:deny "
    "Hedonic:mv Housing:airco Journals:libprice Kakadu:answer MCAS:totsc4 Males:union Mroz:work OFP:ofp "
    "Pima.tr2:type Pima.tr:type SLID:wages Salaries:salary Star:classk Tobacco:occupation "
    "Unemployment:pubemp VerbAgg:resp respiratory:outcome titanic:survived"
)
"""File of R's ``Rdatasets`` and the column that is predicted: pydataset ships them."""
STATSMODELS_FILES = "co2:co2 fair:affairs fair_pt:naffairs macrodata:unemp modechoice:choice star98:MATHTOT"


def files() -> Iterator[tuple[str, str, bytes]]:
    """Yield name, target and bytes of each file."""
    targets = dict(entry.split(":") for entry in R_FILES.split())
    with tarfile.open(package_folder("pydataset") / "resources.tar.gz") as archive:
        for member in archive:
            name = Path(member.name)
            target = targets.pop(name.stem, None) if name.suffix == ".csv" else None
            if target is not None and (file := archive.extractfile(member)):
                yield name.name, target, file.read()
    for entry in STATSMODELS_FILES.split():
        name_of_file, target = entry.split(":")
        (path, *_) = package_folder("statsmodels").glob(f"datasets/*/{name_of_file}.csv")
        yield path.name, target, path.read_bytes()


def main() -> None:
    """Print a line for each file: the answer, or the message of a refusal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    workers, won, seen = parser.parse_args().workers, 0, 0
    for name, target, content in files():
        seen += 1
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(content)
            try:
                run("init", name, "--target", target, "--output", "study.toml", folder=Path(folder))
                answer = run("start", "study.toml", "--workers", workers, folder=Path(folder)).splitlines()[0]
                won += 1
            except subprocess.CalledProcessError as error:
                answer = f"refused: {error.stderr.strip()}"
        print(f"{name}, {target}: {answer}", flush=True)
    print(f"{won} of {seen} files come to a winner")


if __name__ == "__main__":
    main()
