"""The objective of a study file that names no other: a multi-layer perceptron."""

from dataclasses import fields, replace

from hpsearch.data import Dataset
from hpsearch.nn import MLPConfig
from hpsearch.objective.estimator.named import check_baseline
from hpsearch.objective.mlp.categories import check_embedding
from hpsearch.objective.mlp.defaults import fill_defaults
from hpsearch.objective.mlp.evaluator import MLPEvaluator
from hpsearch.objective.mlp.layers import has_layers, layers_of
from hpsearch.objective.mlp.memory import check_memory
from hpsearch.objective.mlp.model import check_model
from hpsearch.objective.mlp.warning import warnings_of
from hpsearch.objective.protocol import Inputs
from hpsearch.objective.rows.outcome_cache import OutcomeCache
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
        check_baseline(spec)
        layers = layers_of(spec)
        values = {field.name: getattr(config, field.name) for field in fields(MLPConfig)} | layers
        if has_layers((*spec.space.names, *layers)):
            del values["hidden"]
        model = {
            name: value
            for name, value in values.items()
            if name not in spec.space.names and value not in (None, _LATER.get(name))
        }
        return replace(spec, model=model, defaults=fill_defaults(spec, config))

    def check_data(self, spec: StudySpec, dataset: Dataset) -> None:
        """Refuse a study that embeds categories that are not there, or whose networks are too large.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """
        check_embedding(spec, dataset)
        check_memory(spec, dataset)

    def warnings(self, spec: StudySpec, dataset: Dataset) -> list[str]:
        """Return a line for each setting that does not do what it seems to."""
        return warnings_of(spec, dataset)

    def bind(self, spec: StudySpec, inputs: Inputs) -> MLPEvaluator:
        """Return what trains the networks of a study; it keeps what it has trained, within a limit."""
        return MLPEvaluator(spec, inputs.data(), cache=OutcomeCache())
