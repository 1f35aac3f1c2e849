"""The settings of each version, and the names that they have today."""

import pytest

from hpsearch.data import FIRST_RULES, PRESENT_RULES
from hpsearch.data.scale import FIRST_SHRINKAGE, SHRINKAGE
from hpsearch.nn.training.divergence import LOSS_ALONE, PRESENT_RULE
from hpsearch.objective.mlp.versions import data_rules, divergence_rule, present_names
from hpsearch.study_file import VERSION


@pytest.mark.parametrize(("version", "name"), [(1, "prelu_shared"), (2, "prelu")])
def test_a_name_means_what_it_meant(version, name):
    """The first version's prelu is today's prelu_shared; other names and settings stay."""
    settings = {"activation": "prelu", "optimizer": "adam", "hidden": (8,), "lr": 0.1}
    assert present_names(settings, version=version) == settings | {"activation": name}
    assert present_names({"activation": "relu"}, version=version) == {"activation": "relu"}


def test_every_version_has_its_rule_of_divergence():
    """The first version ends a training by its loss alone, all later ones look at the score."""
    rules = [divergence_rule(version) for version in range(1, VERSION + 1)]
    assert rules == [LOSS_ALONE] + [PRESENT_RULE] * (VERSION - 1)


def test_every_version_has_its_rules_of_data():
    """The first version blows up directions without variance and learns from every column."""
    found = [data_rules(version) for version in range(1, VERSION + 1)]
    assert found == [FIRST_RULES] + [PRESENT_RULES] * (VERSION - 1)
    assert [rules.shrinkage for rules in found] == [FIRST_SHRINKAGE] + [SHRINKAGE] * (VERSION - 1)
    assert [rules.plain for rules in found] == [True] + [False] * (VERSION - 1)
