from tests.cli.fixtures import cache, finished

__all__ = ["cache", "finished"]
