"""The words of the package: its names, the glossary that explains them, and the prose of its modules."""

import ast
import io
import re
import tokenize
from functools import cache

from hpsearch.nn import ACTIVATIONS, OPTIMIZERS

_WORDS = """
    aborted absolute accuracy activation active affine agreement anonymous api app archive arff argument
    array auc average axis backoff backup balanced bar base baseline batch best bind binned bins block
    build built cache call caller canvas category cell cgroups check choice classifier cli clip clock code
    column command common compare complete config connection contents contour cost counters cross csrf cv
    dashboard dask data database dataset date db delete dense density descend description diagnosis
    dialect died difference doctor document done doubt draws dropout duration early edits elementwise
    embedding encoding end ending entropy environment epoch error estimator evaluation examples exit
    explain explanation export extrapolation f1 fact factors failure family fault field figure filesystem
    fill find finding finite first fit fitting float folder found frame function gauge gaussian gp
    gradient grid group guard handler hard header hidden host hot hover hpsearch huber identity import
    improvement in infinity init initializers input int integrity interrupted job json kept key kind l l1
    l2 labels landing layer layout level like limit line linear link list live load local locate lock log
    login loop loss lost machine mae main markup mask member memory message metadata miss missing mlp
    model name network next nn no noise normalization not notifier notify number one open opening openml
    optimization optimizer option optuna origin output overview pack package packing page palette panel
    parallel parquet password penalized penalty perceptron pipe place plain plane plot point polynomials
    postgres predict prediction preload process progress protocol purpose quantity r2 rate ray read reader
    reading recent record redirect refused regression regressor remote rename repeat report request resume
    retry return rmse roc row runner sampler sampling saved scale scaler scaling scan schedule schema
    score screen script search section seed server session setup shared shift show shrinkage side sign
    signal site size slice slurm smoothing softmax source span split sqlite squared stale start statistics
    status step stopped stopping storage stream studentized style subprocess success summary table target
    template tensor terminal test text throttle tick time timeline toml top track trained trainer training
    transfer transient truth tuning type unpack untried updater url variables version view waiting warning
    warping watch watchdog width word write writer
"""
ORDINARY = frozenset(_WORDS.split())
"""Words of programming, NumPy, SQL, the web, statistics and machine learning that no entry has to explain."""
ALGORITHMS = frozenset(name.replace("_", "") for name in (*ACTIVATIONS, *OPTIMIZERS))
"""Names from the literature, as study files spell them."""
BANNED = re.compile(
    r"\b(somebody|nobody|anybody|whoever|those of|but for|what of|the same as|lest)\b", re.IGNORECASE
)
"""Words that leave a reader to guess who or what is meant."""


def classes(root):
    """Return (name, file) of every class of the package that is not inside another one."""
    return [
        (name, str(path.relative_to(root)))
        for path in sorted((root / "hpsearch").rglob("*.py"))
        for name in defined(path.read_text())
    ]


@cache
def defined(text):
    """Return the names of the classes of a module that are not inside another one."""
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]


def words(name):
    """Return the words of a name, in lower case: it is split at capitals and underscores."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*", name)]


def names(root):
    """Return the names of the files, folders and classes of the package."""
    files = {part for path in (root / "hpsearch").rglob("*.py") for part in path.relative_to(root).parts}
    return sorted({name.removesuffix(".py") for name in files} | {name for name, _ in classes(root)})


def stems(word):
    """Return a word and the words that it may be the plural or the past of."""
    return {word, re.sub(r"ies$", "y", word), *(word.removesuffix(end) for end in ("s", "es", "d", "ed"))}


def entries(root):
    """Return the terms of the glossary, in the order of the page; an entry may have several."""
    page = (root / "docs" / "glossary.md").read_text()
    return [term for line in re.findall(r"^(\w.*)\n: ", page, re.MULTILINE) for term in line.split(", ")]


def explained(root):
    """Return the words of the glossary's terms."""
    return {word for term in entries(root) for word in term.lower().split()}


def unexplained(root):
    """Return word -> names, for each word in a name that stands neither in the glossary nor in the list."""
    known = ORDINARY | explained(root)
    found = {}
    for name in names(root):
        if name.replace("_", "").lower() not in ALGORITHMS:
            for word in words(name):
                if not stems(word) & known:
                    found.setdefault(word, []).append(name)
    return found


def unused_terms(root):
    """Return the terms of the glossary that neither a name nor a sentence of the package uses."""
    text = " ".join(path.read_text() for path in (root / "hpsearch").rglob("*.py"))
    text = " ".join([text, *(" ".join(words(name)) for name in names(root))]).lower().replace("_", " ")
    forms = {term: [f"{term.lower()}{end}" for end in ("", "s", "d", "ed", "es")] for term in entries(root)}
    alone = set(re.findall(r"\w+", text))

    def is_used(form):
        return form in alone if form.isalnum() else bool(re.search(rf"\b{re.escape(form)}\b", text))

    return [term for term, its in forms.items() if not any(map(is_used, its))]


@cache
def prose(text):
    """Return the texts of a module, each on one line: its strings, and its comments as paragraphs."""
    strings = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    lines = text.splitlines()
    last, comments = -1, []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, alone = token.start[0], not lines[token.start[0] - 1][: token.start[1]].strip()
            if alone and row == last + 1:
                comments[-1] += token.string.lstrip("#")
            else:
                comments.append(token.string)
            last = row if alone else -1
    return [" ".join(piece.split()) for piece in (*strings, *comments)]


def banned(path):
    """Return the texts of a module that have a banned word."""
    return [text for text in prose(path.read_text()) if BANNED.search(text)]
