"""The study file.

The reader (TOML text to frozen records, with errors that name file, line and key), the records themselves
(``StudySpec`` and its parts), the contract (a study as JSON, and its hash), and the seeds of a study.
"""

from hpsearch.study_file.build import (
    BOX_RESULTS,
    build_parameter,
    build_study,
    default_parallelism,
    default_rounds,
    parameter_table,
)
from hpsearch.study_file.contract import (
    LIVE,
    code_changes,
    contract_hash,
    diff,
    frozen,
    spec_from_dict,
    spec_to_dict,
)
from hpsearch.study_file.data import DECIMALS, NO_DATA, DataSpec
from hpsearch.study_file.document import Document
from hpsearch.study_file.faults import all_faults, faults_of_doubts
from hpsearch.study_file.fields import TomlTable, unknown_key
from hpsearch.study_file.fleet import ENGINES, FleetSpec
from hpsearch.study_file.names import (
    confirmation_name,
    expect_new_name,
    expect_unreserved,
    without_reserved,
)
from hpsearch.study_file.objective import (
    BALANCED,
    DIRECTIONS,
    MAX_FAILURES,
    NUMBER_LOSSES,
    VALUE,
    ClassWeight,
    ObjectiveSpec,
)
from hpsearch.study_file.reader import MOST_ITEMS, read_document, read_study, study_of
from hpsearch.study_file.records import (
    DRAWS,
    LEARNED,
    MODELS,
    STARTS,
    ConfirmSpec,
    LearnedStart,
    SearchSpec,
    Setting,
    StopSpec,
    StudySpec,
)
from hpsearch.study_file.seeds import Purpose, child_seed
from hpsearch.study_file.toml import comment_text, read_setting, study_text, toml_text, typed_error
from hpsearch.study_file.version import EVIDENCE_SINCE, VERSION

__all__ = [
    "BALANCED",
    "BOX_RESULTS",
    "DECIMALS",
    "DIRECTIONS",
    "DRAWS",
    "ENGINES",
    "EVIDENCE_SINCE",
    "LEARNED",
    "LIVE",
    "MAX_FAILURES",
    "MODELS",
    "MOST_ITEMS",
    "NO_DATA",
    "NUMBER_LOSSES",
    "STARTS",
    "VALUE",
    "VERSION",
    "ClassWeight",
    "ConfirmSpec",
    "DataSpec",
    "Document",
    "FleetSpec",
    "LearnedStart",
    "ObjectiveSpec",
    "Purpose",
    "SearchSpec",
    "Setting",
    "StopSpec",
    "StudySpec",
    "TomlTable",
    "all_faults",
    "build_parameter",
    "build_study",
    "child_seed",
    "code_changes",
    "comment_text",
    "confirmation_name",
    "contract_hash",
    "default_parallelism",
    "default_rounds",
    "diff",
    "expect_new_name",
    "expect_unreserved",
    "faults_of_doubts",
    "frozen",
    "parameter_table",
    "read_document",
    "read_setting",
    "read_study",
    "spec_from_dict",
    "spec_to_dict",
    "study_of",
    "study_text",
    "toml_text",
    "typed_error",
    "unknown_key",
    "without_reserved",
]
