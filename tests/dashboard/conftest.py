from tests.cli.fixtures import cache, finished, program

__all__ = ["cache", "finished", "program"]
