"""The objective of a study file that names no other: a multi-layer perceptron."""

from dataclasses import fields, replace

from hpsearch.nn import MLPConfig
from hpsearch.objective.mlp.defaults import fill_defaults
from hpsearch.objective.mlp.evaluator import MLPEvaluator
from hpsearch.objective.mlp.model import check_model
from hpsearch.objective.mlp.outcome_cache import OutcomeCache
from hpsearch.objective.protocol import Inputs
from hpsearch.study_file import StudySpec

_LATER = {"embedding": 0, "label_smoothing": 0.0}


class MLPObjective:
    """Trains a multi-layer perceptron for each trial."""

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every setting and every default filled in; refuse what cannot be.

        Constants that are left to the optimizer or the schedule stay unset, and so do settings that came
        later where they are off: a study that an earlier version began is still the same study.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        config = check_model(spec)
        values = {field.name: getattr(config, field.name) for field in fields(MLPConfig)}
        model = {
            name: value
            for name, value in values.items()
            if name not in spec.space.names and value not in (None, _LATER.get(name))
        }
        return replace(spec, model=model, defaults=fill_defaults(spec, config))

    def bind(self, spec: StudySpec, inputs: Inputs) -> MLPEvaluator:
        """Return what trains the networks of a study; it keeps what it has trained, within a limit."""
        return MLPEvaluator(spec, inputs.data(), cache=OutcomeCache())
