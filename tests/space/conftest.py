from tests.study_file.conftest import read

__all__ = ["read"]
