"""Tables that version 1 read, and what their data hashed to."""

_ROWS = range(60)


def _lines(*rows, sep=",", end="\n"):
    return end.join(sep.join(map(str, row)) for row in rows) + end


def _table(head, row, **how):
    return _lines(head, *(row(i) for i in _ROWS), **how)


TABLES = {
    "index": _table(["x", "kind"], lambda i: (i, "ab"[i % 2])),
    "counts": _table(["n", "x", "kind"], lambda i: (i, i % 7, "ab"[i % 2])),
    "constant": _table(["n", "x", "kind"], lambda i: (5, i % 7, "ab"[i % 2])),
    "constant text": _table(["n", "x", "kind"], lambda i: ("same", i % 7, "ab"[i % 2])),
    "names": _table(["who", "x", "kind"], lambda i: (f"user {i}", i % 7, "ab"[i % 2])),
    "dates": _table(
        ["when", "x", "kind"], lambda i: (f"May {1 + i % 28}, 2024", i % 7, "ab"[i % 2]), sep=";"
    ),
    "NA texts": _table(["city", "x", "kind"], lambda i: (["NA", "Ulm", "None"][i % 3], i % 7, "ab"[i % 2])),
    "NA class": _table(["x", "kind"], lambda i: (i % 7, ["NA", "None", "b"][i % 3])),
    "truths": _table(["flag", "x", "kind"], lambda i: (["TRUE", "FALSE"][i // 7 % 2], i % 7, "ab"[i % 2])),
    "quantity": _table(["x", "kind"], lambda i: (i % 7, (i % 12) / 7)),
    "codes": _table(["zip", "x", "kind"], lambda i: (f"0{i % 9}", i % 7, "ab"[i % 2])),
    "semicolons": _table(
        ["x", "y", "kind"], lambda i: (i % 7, f"a,{i % 3}", "ab"[i % 2]), sep=";", end="\r\n"
    ),
    "tabs": _table(
        ["x", "y", "kind"], lambda i: (f" {i % 7}e-1 ", ["red", "blue", "green"][i % 3], i % 2), sep="\t"
    ),
    "quotes": _table(["x", "kind"], lambda i: (i % 7, '"a ""b"",\nc"' if i % 2 else '"d"')),
    "hash": _table(["# x", "y", "kind"], lambda i: (i % 7, i % 3, "ab"[i % 2])),
    "numbers above": _table(["1.5", "y", "kind"], lambda i: (i % 7, i % 3, "ab"[i % 2])),
    "digit after letter": _table(
        ["b", "x", "kind"], lambda i: (["none", "10-50", "26+"][i % 3], i % 7, "ab"[i % 2])
    ),
}

HASHES = {
    "index": "b87a73c49e9135c2",
    "counts": "7bd93d7a8bab4898",
    "constant": "85f792be8526614c",
    "constant text": "e767f2024ddc9cb4",
    "names": "004e9492e2a263d8",
    "dates": "ef7d3e10d072b5ee",
    "NA texts": "d30051e9ec81ae1a",
    "NA class": "17b06694ebaee43c",
    "truths": "77f65b353bf2d33d",
    "quantity": "b62d322a6a44396a",
    "codes": "719760e7a62b8f0e",
    "semicolons": "9d91395f366fd26e",
    "tabs": "19d85af3ace36ff7",
    "quotes": "86bc6dce4f6292b4",
    "hash": "4edff9a3240721d4",
    "numbers above": "4edff9a3240721d4",
    "digit after letter": "a418543daf5300c7",
}
"""Table -> the beginning of the hash that version 1 printed for its data, with the target ``kind``."""
