"""The examples in the docstrings run."""

import doctest
import importlib
import pkgutil

import pytest

import hpsearch.nn

MODULES = [module.name for module in pkgutil.walk_packages(hpsearch.nn.__path__, "hpsearch.nn.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    """Every example in the module prints what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    """The walk finds modules and examples at all."""
    finder = doctest.DocTestFinder()
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 4
