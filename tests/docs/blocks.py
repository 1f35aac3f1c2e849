"""The code blocks of a page, in order."""

import re
from dataclasses import dataclass

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\S*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^\n]+?) -->\s*\Z")
FILE = re.compile(r"\A(?:#|//) (?P<name>[\w./-]+\.(?:toml|py|csv|c|awk))\b")
PROMPT = "$ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block.

    Attributes:
        line: Where its text begins in the page, from 1.
        language: What its fence says; ``""`` where it says nothing.
        text: What stands between the fences, without the indentation of the fence.
        not_run: Why it is not run, as the comment before it says; ``""`` for a block that is.
    """

    line: int
    language: str
    text: str
    not_run: str = ""

    @property
    def file(self):
        """The file that a reader saves it as, where its first line is a comment with a file's name."""
        match = FILE.match(self.text)
        return match["name"] if match else None


def blocks(page):
    """Return the blocks of a Markdown text."""
    found = []
    for match in FENCE.finditer(page):
        indent, text = match["indent"], match["text"]
        mark = NOT_RUN.search(page, 0, match.start())
        found.append(
            Block(
                line=page.count("\n", 0, match.start("text")) + 1,
                language=match["language"],
                text=re.sub(f"^{indent}", "", text, flags=re.MULTILINE),
                not_run=mark["reason"] if mark else "",
            )
        )
    return found


def session(text):
    """Yield (command, expected output) of each prompt of a console block; it may go on in ``> `` lines."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        n_more = next((i for i, line in enumerate(lines[1:]) if not line.startswith("> ")), len(lines) - 1)
        command = "\n".join([lines[0], *(line[2:] for line in lines[1 : 1 + n_more])])
        yield command, "\n".join(lines[1 + n_more :])


def agrees(expected, found):
    """Return whether an output is what a page says; ``...`` stands for anything."""
    pattern = ".*?".join(re.escape(piece) for piece in expected.strip().split("..."))
    return re.fullmatch(pattern, found.strip(), re.DOTALL) is not None
