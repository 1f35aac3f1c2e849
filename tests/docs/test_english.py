"""README, docs and help: phrases that were taken out, because readers stumbled over them, stay out."""

import re

import pytest

from tests.docs.reader import ROOT

TAKEN_OUT = {
    "a sentence that is a relative clause": r"(?<=[.!?] )Which (?![^.?]*\?)[^.?]*\.",
    "a sentence whose subject is a clause": (
        r"(?<=[.!?:] )What (?:is|was|has|had|can|cannot|comes|came|stands|belongs|fits|they|it)\b[^.?]*\."
    ),
    "a doubled word": r"\b([A-Za-z]+) \1\b(?!\()",
    "allow or permit without an object": r"\b(?:allow|allows|permit|permits) to\b",
    "a text that is told": r"\b(?:is|are|was|were|be|not) told\b|\btells? (?:more|it|the user)\b",
    "as ever": r"\bas ever\b",
    "of the kind": r"\bof (?:the|that) kind\b(?! that| of)",
    "a slip of the pen": r"\bslips? of the pen\b",
    "need not": r"\bneed not\b",
    "to go on with": r"\b(?:go|goes|going|went) on with\b",
    "one's own affair": r"\baffairs?\b",
    "a storage that carries": r"\bcarries\b(?! an?\b| its\b)",
    "to look after": r"\blooks? after\b",
    "what came of it": r"\bwhat (?:came|comes|becomes|became) of\b",
    "said by nobody": r"\b(?:is|are) said (?:on|by|of|in)\b",
    "has the rest": r"\bhas the rest\b",
    "in one go": r"\bin one go\b",
    "whatever as a preposition": r"\bwhatever (?:the|its|their|happen(?:s|ed)|rule|speaks|returns|was)\b",
    "without a word": r"\bwithout a word\b",
    "one a core": r"\b(?:one|worker|line|row|slope|mask) an? (?:core|row|column|layer|line)\b",
    "by itself for alone": r"\beach by\s+itself\b",
    "dear for expensive": r"\bdear\b",
    "the commonest": r"\bcommonest\b|\blikeliest\b",
    "as much slower": r"\bis as much\b",
    "to let be": r"\blets? it be\b",
    "will do": r"\bwill do\b(?! this)",
    "to believe as an adjective": r"\bone to believe\b",
    "your word": r"\b(?:is|are) your word\b",
    "so long after": r"\bso (?:long|many|often) (?:after|lanes|settled|hidden|trials|epochs)\b",
    "somebody's": r"\b(?:somebody|nobody|anybody|whoever|those of|but for|what of|the same as|lest)\b",
    "stands for is": r"\bstands? (?:first|there|beside|behind|among|on top|in the way)\b",
    "lies for is": r"\b(?:file|folder|database|data|store|share|volume|winner) (?:that )?lies\b",
    "on the way": r"\b(?:value|best|more) on the way\b",
    "where it stood": r"\bwhere it (?:stood|stands|ended|was when)\b",
    "taken in": r"\b(?:take|takes) in\b",
    "throw-away": r"\bthrow-?away\b",
    "books of a study": r"\bbooks of\b",
    "to the letter": r"\bto the letter\b",
}
"""A name -> what finds it in a paragraph. Each was in a page or a help text; a native speaker avoids it."""
LEFT = {"docs/changelog", "docs/explanation/benchmarks", "docs/explanation/winner"}
"""Pages that are not looked at: the first two include other files."""


def pages():
    """Return name -> page of README and docs; ``docs/reference/commands`` is the help of the commands."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    names = {str(path.relative_to(ROOT)).removesuffix(".md"): path for path in found}
    return {
        name: path
        for name, path in sorted(names.items())
        if name not in LEFT and not {"decisions", "_build"} & set(path.parts)
    }


def paragraphs(page):
    """Return the paragraphs, points and rows of a page on one line each, without code."""
    text = re.sub(r"^ *```.*?^ *```$|<!--.*?-->", "", page, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`\n]*`", "`x`", text)
    pieces = re.split(r"\n\s*\n|\n(?=\s*(?:- |\d+\. |\|))", text)
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def found_in(text):
    """Return the names of the patterns that a text has, with the place."""
    return [
        (name, match[0])
        for paragraph in paragraphs(text)
        for name, pattern in TAKEN_OUT.items()
        for match in re.finditer(pattern, paragraph)
    ]


@pytest.mark.parametrize("name", pages())
def test_a_page_has_none_of_the_phrases(name):
    """Its prose has no phrase that was taken out; code and output are not looked at."""
    assert found_in(pages()[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It ends. Which is what is printed.", "a sentence that is a relative clause"),
        ("Type it. What was killed goes on.", "a sentence whose subject is a clause"),
        ("It reads the\nthe file.", "a doubled word"),
        ("The key allows to search.", "allow or permit without an object"),
        ("- The winner is told.", "a text that is told"),
        ("| `x` | one a core |", "one a core"),
        ("hpsearch goes on\nwith it.", "to go on with"),
        ("It says what came of it.", "what came of it"),
        ("It is the\nsame as before.", "somebody's"),
    ],
)
def test_a_phrase_is_found(text, name):
    """A phrase is found over the end of a line, in a point and in a row."""
    assert [place for place, _ in found_in(text)] == [name]


def test_code_is_not_looked_at():
    """A question, a block, a command in a sentence and a comment are left alone."""
    text = "Which one? It is `x that that`.\n\n```sh\necho that that\n```\n<!-- that that -->\n"
    assert found_in(text) == []


def test_the_chinese_readme_has_full_width_marks():
    """A comma, colon, semicolon, question mark or bracket beside a Chinese character is a Chinese one."""
    text = "\n".join(paragraphs((ROOT / "README.zh.md").read_text(encoding="utf-8")))
    text = re.sub(r"\]\([^)]*\)", "]", text)
    chinese = r"[\u4e00-\u9fff]"
    mark = rf"{chinese}[,:;?()]|[,:;?()]{chinese}"
    assert re.findall(mark, text) == []
    assert re.search(mark, "\u7ed3\u679c, x")
