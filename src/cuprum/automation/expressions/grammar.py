"""The grammar of formulas, and what its parser makes of a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken, VisitError

from cuprum.automation.expressions.errors import ExpressionError
from cuprum.automation.expressions.functions import FUNCTIONS
from cuprum.automation.expressions.limits import DEEPEST_FORMULA, LARGEST_WHOLE
from cuprum.automation.expressions.syntax import (
    Call,
    Chain,
    Choice,
    Elvis,
    Key,
    ListOf,
    Literal,
    MapOf,
    Name,
    Node,
    Path,
    Unary,
    parts_of,
)

# The part of the Spring Expression Language that ByteChef's files use: no types, constructors, methods, beans, assignments.
GRAMMAR = r"""
?start: expression
?expression: either
    | either "?" expression ":" expression      -> choice
    | either "?:" expression                    -> elvis
?either: both (OR both)*                        -> chain
?both: relation (AND relation)*                 -> chain
?relation: sum (RELATION sum)?                  -> chain
?sum: product (SIGN product)*                   -> chain
?product: power (TIMES power)*                  -> chain
?power: unary (POWER unary)?                    -> chain
?unary: SIGN unary                              -> negated
    | NOT unary                                 -> negated
    | path
?path: primary key*                             -> path
key: (DOT | SAFE) NAME                          -> member
    | "[" expression "]"                        -> index
    | ".[" expression "]"                       -> index
?primary: "(" expression ")"
    | "${" path "}"
    | HEX                                       -> hexadecimal
    | REAL                                      -> real
    | WHOLE                                     -> whole
    | STRING                                    -> string
    | TRUE                                      -> word
    | FALSE                                     -> word
    | NULL                                      -> word
    | NAME                                      -> name
    | NAME "(" [expression ("," expression)*] ")" -> call
    | OPEN [expression ("," expression)*] "}"   -> list_of
    | OPEN pair ("," pair)* "}"                 -> map_of
    | OPEN ":" "}"                              -> map_of
pair: expression ":" expression

OR.3: /\|\||(or|OR)\b/
AND.3: /&&|(and|AND)\b/
NOT.3: /!(?!=)|(not|NOT)\b/
RELATION.3: /==|!=|<=|>=|<|>|(eq|ne|lt|le|gt|ge|matches)\b/
SIGN: "+" | "-"
TIMES.3: /[*\/%]|(div|mod)\b/
POWER: "^"
TRUE: "true"
FALSE: "false"
NULL: "null"
DOT: "."
SAFE: "?."
OPEN: "{"
HEX: /0[xX][0-9a-fA-F]+[lL]?/
REAL.2: /\d+(\.\d+([eE][+-]?\d+)?[fFdD]?|[eE][+-]?\d+[fFdD]?|[fFdD])/
WHOLE: /\d+[lL]?/
STRING: /'(?:[^']|'')*'|"(?:[^"]|"")*"/
NAME: /[^\W\d]\w*/
%ignore /\s+/
"""
_IN_QUOTES = re.compile(r"\$\{[^}]*\}")


def parsed(text: str) -> Node:
    """The parts of a formula without its `=`; raises ExpressionError with the position in `text`."""
    try:
        read: Node = _parser().parse(text)  # type: ignore[assignment]
        return read
    except VisitError as trouble:
        raise trouble.orig_exc from None
    except UnexpectedInput as trouble:
        raise _told(trouble, text) from None


def _told(trouble: UnexpectedInput, text: str) -> ExpressionError:
    if isinstance(trouble, UnexpectedEOF) or (isinstance(trouble, UnexpectedToken) and trouble.token.type == "$END"):
        return ExpressionError("the formula ends too early", position=len(text))
    position = trouble.pos_in_stream or 0
    if isinstance(trouble, UnexpectedToken) and str(trouble.token) == "(":
        return ExpressionError("methods cannot be called, only functions", position=position)
    if isinstance(trouble, UnexpectedCharacters) and text[position] in "'\"":
        return ExpressionError("the quoted text does not end", position=position)
    found = str(trouble.token) if isinstance(trouble, UnexpectedToken) else text[position]
    return ExpressionError(f"{found} is not expected here", position=position)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Parts())


@v_args(inline=True)
class _Parts(Transformer[Token, Any]):
    """Called by the parser from the inside out, so that depth costs no recursion."""

    def chain(self, first: Node, *rest: Any) -> Node:
        pairs = tuple((rest[i].start_pos, str(rest[i]).lower(), rest[i + 1]) for i in range(0, len(rest), 2))
        return _shallow(Chain(first.at, first, pairs)) if pairs else first

    def negated(self, sign: Token, operand: Node) -> Node:
        return _shallow(Unary(_at(sign), str(sign).lower(), operand))

    def choice(self, condition: Node, yes: Node, no: Node) -> Node:
        return _shallow(Choice(condition.at, condition, yes, no))

    def elvis(self, value: Node, otherwise: Node) -> Node:
        return _shallow(Elvis(value.at, value, otherwise))

    def path(self, start: Node, *keys: Key) -> Node:
        return _shallow(Path(start.at, start, keys)) if keys else start

    def member(self, dot: Token, name: Token) -> Key:
        return Key(_at(name), Literal(_at(name), str(name)), safe=dot.type == "SAFE")

    def index(self, key: Node) -> Key:
        return Key(key.at, key)

    def hexadecimal(self, digits: Token) -> Node:
        return _whole(digits, int(digits.rstrip("lL"), 16))

    def whole(self, digits: Token) -> Node:
        # A number of a thousand digits takes long to read.
        return _whole(digits, int(digits.rstrip("lL")[:25]))

    def real(self, digits: Token) -> Node:
        return Literal(_at(digits), float(digits.rstrip("fFdD")))

    def string(self, quoted: Token) -> Node:
        if inside := _IN_QUOTES.search(quoted):
            raise ExpressionError(
                f"{inside[0]} stands inside quotes, where it is only text; write 'text' + {inside[0]}",
                position=_at(quoted) + inside.start(),
            )
        mark = quoted[0]
        return Literal(_at(quoted), quoted[1:-1].replace(mark * 2, mark))

    def word(self, word: Token) -> Node:
        return Literal(_at(word), {"true": True, "false": False, "null": None}[word])

    def name(self, name: Token) -> Node:
        return Name(_at(name), str(name))

    def call(self, name: Token, *arguments: Node | None) -> Node:
        given = tuple(one for one in arguments if one is not None)
        function = FUNCTIONS.get(str(name))
        if function is None:
            raise ExpressionError(f"there is no function {name}", position=_at(name))
        if not function.least <= len(given) <= function.most:
            raise ExpressionError(f"{name} takes {function.arity}, not {len(given)}", position=_at(name))
        return _shallow(Call(_at(name), str(name), given))

    def list_of(self, brace: Token, *items: Node | None) -> Node:
        return _shallow(ListOf(_at(brace), tuple(one for one in items if one is not None)))

    def map_of(self, brace: Token, *pairs: tuple[Node, Node]) -> Node:
        return _shallow(MapOf(_at(brace), pairs))

    def pair(self, key: Node, value: Node) -> tuple[Node, Node]:
        # `{name: …}` means the text, not a variable.
        return (Literal(key.at, key.name) if isinstance(key, Name) else key), value


def _at(token: Token) -> int:
    return token.start_pos or 0


def _whole(digits: Token, value: int) -> Node:
    if value > LARGEST_WHOLE:
        raise ExpressionError("the number is too large", position=_at(digits))
    return Literal(_at(digits), value)


def _shallow(node: Node) -> Node:
    """The node, unless it nests deeper than evaluating should follow."""
    if _depth(node) > DEEPEST_FORMULA:
        raise ExpressionError(f"the formula is nested deeper than {DEEPEST_FORMULA} levels", position=node.at)
    return node


def _depth(node: Node) -> int:
    known: int | None = node.__dict__.get("_depth")
    if known is None:
        known = 1 + max((_depth(part) for part in parts_of(node)), default=0)
        # The node is frozen for its readers; its depth is asked by each node around it.
        object.__setattr__(node, "_depth", known)
    return known
