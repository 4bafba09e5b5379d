"""Every change made to moto is registered here and checked against moto before any is installed.

moto is pinned, but a pin is moved one day: a patch whose name is gone would silently do nothing,
and a promise kept only by that patch would silently break. Hence all or nothing, with every
mismatch named.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
Kind = Literal["patch", "add", "replace"]


class MotoChanged(Exception):  # noqa: N818 - a sentence about the world, as the log shows it
    """The installed moto is not the one the patches were written for."""


@dataclass(frozen=True)
class _Change:
    kind: Kind
    target: str
    value: Any


_registered: list[_Change] = []


def patch(target: str) -> Callable[[Function], Function]:
    """Register a function that stands in for ``module:Qual.name`` and gets the original first.

    Module functions are replaced wherever moto has imported them by name; static and class
    methods stay what they are (a class method's original is already bound to its class).
    """

    def register(function: Function) -> Function:
        _registered.append(_Change("patch", target, function))
        return function

    return register


def add(target: str) -> Callable[[Function], Function]:
    """Register a function under a name that moto lacks; the start fails once moto has it."""

    def register(function: Function) -> Function:
        _registered.append(_Change("add", target, function))
        return function

    return register


def replace(target: str, value: Any) -> None:
    """Register a value that stands in for the one at ``module:Qual.name``."""
    _registered.append(_Change("replace", target, value))


def apply_all() -> None:
    """Verify every registered name, then install every change.

    Raises MotoChanged with one line for each name that is missing (or, for `add`, present).
    A second call installs only what was registered since the first.
    """
    problems = [problem for change in _registered if (problem := _mismatch(change))]
    if problems:
        raise MotoChanged("moto does not have the expected shape:\n  " + "\n  ".join(problems))
    for change in _registered:
        _install(change)
    _registered.clear()


def _mismatch(change: _Change) -> str | None:
    try:
        owner, name = _owner(change.target)
    except (ImportError, AttributeError) as error:
        return f"{change.target}: {error}"
    present = hasattr(owner, name)
    if change.kind == "add":
        # Inherited names count too: moto may have moved an operation to a base class.
        return f"{change.target}: moto has this now" if present else None
    return None if present else f"{change.target}: no such name"


def _owner(target: str) -> tuple[Any, str]:
    module_name, _, path = target.partition(":")
    *parents, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name


def _install(change: _Change) -> None:
    owner, name = _owner(change.target)
    if change.kind == "patch":
        _install_patch(owner, name, change.value)
    elif inspect.ismodule(owner) and change.kind == "replace":
        _set_everywhere(getattr(owner, name), owner, name, change.value)
    else:
        setattr(owner, name, change.value)


def _install_patch(owner: Any, name: str, function: Callable[..., Any]) -> None:
    raw = inspect.getattr_static(owner, name)
    if isinstance(raw, (staticmethod, classmethod)):
        setattr(owner, name, staticmethod(_wrap(getattr(owner, name), function)))
    elif inspect.ismodule(owner):
        _set_everywhere(raw, owner, name, _wrap(raw, function))
    elif isinstance(raw, property):
        getter = raw.fget
        setattr(owner, name, property(functools.partial(function, getter), raw.fset, raw.fdel))
    else:
        setattr(owner, name, _wrap(raw, function))


def _wrap(original: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return function(original, *args, **kwargs)

    return patched


def _set_everywhere(old: Any, owner: Any, name: str, new: Any) -> None:
    setattr(owner, name, new)
    # `from x import f` made copies of the name; each must follow, or half of moto stays unpatched.
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("moto.") and module is not None:
            for key, value in list(vars(module).items()):
                if value is old and callable(old):
                    setattr(module, key, new)
