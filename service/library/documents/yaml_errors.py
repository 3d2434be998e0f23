"""What the YAML parser says of a file that it cannot read, in words for those who write documents."""

import yaml

# What the parser says, what is told, and whether it is told where the thing begins.
SAID = (
    ("mapping values are not allowed", "a second colon, or an indent that does not fit", False),
    ("expected ',' or ']'", "the list that begins here lacks a comma or its ']'", True),
    ("expected ',' or '}'", "what begins here lacks a comma or its '}'", True),
    ("unexpected end of stream", "the quote that begins here is not closed", True),
    ("undefined alias", "a value cannot begin with '*'; put it in quotes", False),
    ("another document", "'---' begins a second document; a file holds one", False),
    (
        "did not find expected",
        "the indent, a dash or a quote does not fit what stands above",
        False,
    ),
)


def in_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line of what is wrong, and what it is."""
    lines, mark = text.splitlines(), error.problem_mark
    at = mark.line if mark else 0
    line = lines[at] if at < len(lines) else ""
    problem = str(error.problem)
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return at + 1, "a tab; indent with spaces"
    if "cannot start any token" in problem and mark and mark.column < len(line):
        return at + 1, f"a value cannot begin with '{line[mark.column]}'; put it in quotes"
    for said, told, at_begin in SAID:
        if said in problem:
            begin = error.context_mark if at_begin else None
            return (begin.line if begin else at) + 1, f"not YAML: {told}"
    return at + 1, f"not YAML: {problem}"
