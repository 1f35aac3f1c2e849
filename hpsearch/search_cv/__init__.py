"""The search behind scikit-learn's search interface: candidates in batches, scored by cross-validation.

The values of a parameter, the space of the candidates, their batches, the splits that score them, the race of
the finalists, and ``StagedSearchCV``, which joins these.
"""

from hpsearch.search_cv.confirmation import Finalist
from hpsearch.search_cv.staged_search_cv import StagedSearchCV

__all__ = ["Finalist", "StagedSearchCV"]
