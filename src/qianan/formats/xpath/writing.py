"""A tree becomes text again."""

from qianan.formats.xpath.tree import LEVELS, Call, Literal, Minus, Name, Node, Own
from qianan.formats.xpath.values import text_of


def write(node: Node, level: int) -> str:
    """The expression as text, with no more parentheses than it needs."""
    if isinstance(node, Literal):
        if isinstance(node.value, float):
            return text_of(node.value)
        return f"'{node.value}'" if "'" not in node.value else f'"{node.value}"'
    if isinstance(node, Own):
        return "."
    if isinstance(node, Name):
        return f"${{{node.code}}}"
    if isinstance(node, Minus):
        return f"-{write(node.of, len(LEVELS))}"
    if isinstance(node, Call):
        return f"{node.function}({', '.join(write(each, 0) for each in node.args)})"
    own = next(number for number, signs in enumerate(LEVELS) if node.rest[0][0] in signs)
    parts = [write(node.first, own + 1)]
    parts += [f"{sign} {write(each, own + 1)}" for sign, each in node.rest]
    text = " ".join(parts)
    return f"({text})" if own < level else text
