"""Finds the method of a path: literal segments before parameters, parameters before {proxy+}."""

from __future__ import annotations

from dataclasses import dataclass, field

from local.api_gateway.document import ANY, Method

Parameters = dict[str, str]


@dataclass
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    parameter: tuple[str, _Node] | None = None
    greedy: tuple[str, _Node] | None = None
    methods: dict[str, Method] = field(default_factory=dict)


class Router:
    def __init__(self, methods: list[Method]) -> None:
        self._root = _Node()
        for method in methods:
            self._add(method)

    def find(self, verb: str, path: str) -> tuple[Method, Parameters] | None:
        """The method and its path parameters, still URL-encoded as on AWS."""
        found = _find(self._root, _segments(path), {})
        if found is None:
            return None
        node, parameters = found
        method = node.methods.get(verb) or node.methods.get(ANY)
        return (method, parameters) if method else None

    def _add(self, method: Method) -> None:
        node = self._root
        for segment in _segments(method.resource):
            node = _child(node, segment)
        node.methods[method.verb] = method


def _segments(path: str) -> list[str]:
    trimmed = path.strip("/") if path.count("//") == 0 else path[1:]
    return trimmed.split("/") if trimmed else []


def _child(node: _Node, segment: str) -> _Node:
    if not segment.startswith("{"):
        return node.literals.setdefault(segment, _Node())
    name = segment.strip("{}")
    if name.endswith("+"):
        node.greedy = node.greedy or (name[:-1], _Node())
        return node.greedy[1]
    node.parameter = node.parameter or (name, _Node())
    return node.parameter[1]


def _find(node: _Node, segments: list[str], taken: Parameters) -> tuple[_Node, Parameters] | None:
    if not segments:
        return (node, taken) if node.methods else None
    head, rest = segments[0], segments[1:]
    if head in node.literals and (found := _find(node.literals[head], rest, taken)):
        return found
    if node.parameter and head:
        name, child = node.parameter
        if found := _find(child, rest, {**taken, name: head}):
            return found
    if node.greedy and head:
        name, child = node.greedy
        return child, {**taken, name: "/".join(segments)}
    return None
