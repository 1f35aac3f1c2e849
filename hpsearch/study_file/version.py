"""The version of what a study file means."""

VERSION = 3
"""The version of what a study file means: a study keeps the version that it was begun with.

- 1: a training diverges by its loss alone; ``"prelu"`` learns one slope a layer; whitening adds 1e-5 of the
  largest variance to all.
- 2: a loss that has grown ends a training only where it predicts no better than a constant; ``"prelu"``
  learns one slope a unit, and ``"prelu_shared"`` one a layer; whitening leaves out directions below a
  hundredth of the largest variance, and adds a tenth of it to the others; tables are read as people have
  them: an index, constants, dates and texts of one row each are left out, words such as ``NA`` and ``None``
  are missing cells, codes of whole numbers in Parquet are categories, and quantities are no classes;
  candidates of a race are compared on the same rows as well as over seeds, and on fewer than 100 validation
  rows the declared default is delivered unless the winner is clearly better.
- 3: nothing is tried beyond a declared range until the results ask for it; TPE, too, looks at a box that
  follows the good results; trials that failed are bad results; the best as measured race beside the best as
  smoothed, and name the winner where nothing races; a function or a command is given no point of a finite
  space twice, and its race ends after its first runs where these show that there is no noise; of more than
  1,000 results that are not good TPE looks at 1,000, spread evenly over their numbers.
"""

EVIDENCE_SINCE = 3
"""The version of a study since which its search goes where results have shown it to go."""
