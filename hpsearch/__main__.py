"""``python -m hpsearch``: the command ``hpsearch``."""

from hpsearch.cli import main

if __name__ == "__main__":
    main()
