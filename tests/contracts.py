"""Contracts of studies that no trial of is ever trained: a real study file around a search space."""

from hpsearch.study_file import DataSpec, SearchSpec, StudySpec, spec_to_dict


def contract_of(space, *, name="study", trials=10, **settings):
    """Return the contract of a study with a search space; ``settings`` stand in place of its own."""
    spec = StudySpec(
        name=name,
        seed=0,
        trials=trials,
        parallelism=1,
        data=DataSpec(source="digits"),
        model={},
        space=space,
        search=SearchSpec(rounds=()),
    )
    return {"study": {**spec_to_dict(spec), **settings}}
