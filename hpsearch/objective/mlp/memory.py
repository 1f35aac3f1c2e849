"""The memory that a network of a study takes in training."""

from collections.abc import Iterator, Mapping
from typing import Any

from hpsearch.data import Dataset
from hpsearch.errors import StudyFileError
from hpsearch.memory import memory_limit
from hpsearch.nn.stack.width import lane_bytes
from hpsearch.objective.mlp.layers import USUAL_LAYERS, network_config
from hpsearch.objective.points import point_with, tried_points
from hpsearch.objective.rows.data import blocks_of
from hpsearch.objective.rows.folds import training_rows
from hpsearch.study_file import Setting, StudySpec

_STRUCTURE = ("hidden", *USUAL_LAYERS, "normalization", "activation", "optimizer", "batch_size", "embedding")
"""The settings that a network's size follows from."""


def check_memory(spec: StudySpec, dataset: Dataset) -> None:
    """Refuse a study with a network that does not fit into memory while it is trained on its data.

    Every choice and both ends of every range that the size follows from are tried.

    Raises:
        StudyFileError: Names file, line, key, the size of the network and the limit.
    """
    limit = memory_limit(spec.data.max_memory)
    n_features, n_classes = dataset.X_train.shape[1], dataset.n_outputs
    lanes = spec.data.folds * spec.data.repeats
    for key, settings in _structures(spec):
        config = network_config(settings)
        rows = min(config.batch_size, training_rows(spec, dataset))
        limit.expect(
            lanes * lane_bytes(config, n_features, n_classes, blocks=blocks_of(dataset), rows=rows),
            where=f"{spec.document.where(key)}: {key}",
            found=f"{'a network' if lanes == 1 else f'{lanes} networks'} of {n_features:,} features, "
            f"hidden = {list(config.hidden)[:20]}",
            error=StudyFileError,
        )


def _structures(spec: StudySpec) -> Iterator[tuple[str, Mapping[str, Setting]]]:
    """Yield the key that decides a structure, and the settings of a network of it."""
    sought = [parameter for parameter in spec.space if parameter.name in _STRUCTURE]
    if not sought:
        key = next((key for key in USUAL_LAYERS if key in spec.model), "hidden")
        _, point = next(tried_points(spec.space))  # a setting may need one that is searched
        yield f"model.{key}", {**spec.model, **point}
    for parameter in sought:
        for value in parameter.choices or parameter.ends:
            yield f"space.{parameter.name}", {**spec.model, **point_with(spec.space, parameter, value)}
    layers = [parameter for parameter in sought if parameter.name in USUAL_LAYERS]
    if len(layers) > 1:  # the deepest network may be the widest one, too
        most: dict[str, Any] = {p.name: max(p.choices or map(p.external, p.ends)) for p in layers}
        point = point_with(spec.space, layers[1], most[layers[1].name])
        yield f"space.{layers[1].name}", {**spec.model, **point, **{k: most[k] for k in most if k in point}}
