"""The columns of categories of a data set, as an embedding takes them."""

from hpsearch.data import Dataset
from hpsearch.objective.rows.data import blocks_of
from hpsearch.space.checks import show
from hpsearch.study_file import StudySpec

KEY = "embedding"


def check_embedding(spec: StudySpec, dataset: Dataset) -> None:
    """Refuse a study that embeds categories where its data have none.

    Raises:
        StudyFileError: Names file, line, key, and what was expected and found.
    """
    if not _embeds(spec) or blocks_of(dataset):
        return
    if dataset.categorical:
        found = f"{show(spec.data.scaling)}, which mixes the features of categories with all others"
        message = f'expected "auto", "standard", "robust" or "none" with {KEY}, found {found}'
        raise spec.document.error("data.scaling", message)
    raise spec.document.error(
        f"{'space' if KEY in spec.space.names else 'model'}.{KEY}",
        f"expected a column of categories in {show(spec.data.source)}, found none; leave {KEY} out, or name "
        "the columns in data.categorical",
    )


def _embeds(spec: StudySpec) -> bool:
    """Return whether any network of a study has an embedding."""
    widths: list[object] = [spec.model.get(KEY, 0)]
    for parameter in spec.space:
        if parameter.name == KEY:
            widths += parameter.choices or parameter.ends
    return any(widths)
