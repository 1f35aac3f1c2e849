"""Write the pages that follow from the code: ``make docs-reference``."""

from pathlib import Path

import commands
import schema
import study_file
import tables

from hpsearch.diagnosis.schema import SCHEMA

PAGES = {"commands.md": commands.page, "study-file.md": study_file.page, "tables.md": tables.page}
"""File beside this one -> what returns its text."""

if __name__ == "__main__":
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), encoding="utf-8")
        print(f"written: {name}")
    SCHEMA.write_text(schema.text(), encoding="utf-8")
    print(f"written: {SCHEMA.name}")
