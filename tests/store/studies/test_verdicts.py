"""The verdict as an attribute of the study, which other programs can write as well."""

import optuna
import pytest

from hpsearch.errors import StorageError


@pytest.mark.parametrize("value", [{}, {"number": 1, "later": True}, "mine", 3, [1]])
def test_an_attribute_that_is_no_verdict_is_named(ledger, study, value):
    """An attribute that another program or a newer version wrote is refused in words."""
    storage = optuna.storages.RDBStorage(ledger.database.secret_url)
    optuna.load_study(study_name=study.name, storage=storage).set_user_attr("result", value)
    storage.engine.dispose()
    with pytest.raises(StorageError, match=r"its user attribute 'result' is no verdict"):
        ledger.verdict(study)
    with pytest.raises(StorageError, match=r"its user attribute 'result' is no verdict"):
        ledger.snapshot(study)
    assert ledger.status(study).study == study.name
