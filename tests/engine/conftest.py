from tests.cli.fixtures import cache, finished, finished_long, program

__all__ = ["cache", "finished", "finished_long", "program"]
