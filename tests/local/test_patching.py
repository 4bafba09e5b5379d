"""Patches are checked against moto before any is installed."""

from __future__ import annotations

import sys
import types

import pytest

from local import patching


class Owner:
    def greet(self, name):
        return f"hello {name}"

    @staticmethod
    def fixed():
        return 1

    @classmethod
    def named(cls):
        return cls.__name__

    @property
    def colour(self):
        return "red"


def shout(text):
    return text.upper()


@pytest.fixture
def moto_module(monkeypatch):
    """A module that stands where moto's would, with another that imported a name from it."""
    module = types.ModuleType("moto.made_up")
    module.Owner = type("Owner", (), dict(Owner.__dict__))
    module.shout = shout
    module.LIMIT = 3
    user = types.ModuleType("moto.made_up_user")
    user.shout = shout
    monkeypatch.setitem(sys.modules, "moto.made_up", module)
    monkeypatch.setitem(sys.modules, "moto.made_up_user", user)
    monkeypatch.setattr(patching, "_registered", [])
    return module


def test_a_patch_gets_the_original_first(moto_module):
    @patching.patch("moto.made_up:Owner.greet")
    def greet(original, self, name):
        return original(self, name) + "!"

    patching.apply_all()
    assert moto_module.Owner().greet("Ada") == "hello Ada!"


def test_a_second_patch_wraps_the_first(moto_module):
    for mark in "ab":
        patching.patch("moto.made_up:Owner.greet")(
            lambda original, self, name, mark=mark: original(self, name) + mark
        )
    patching.apply_all()
    assert moto_module.Owner().greet("Ada") == "hello Adaab"


def test_static_methods_class_methods_and_properties_stay_what_they_are(moto_module):
    patching.patch("moto.made_up:Owner.fixed")(lambda original: original() + 1)
    patching.patch("moto.made_up:Owner.named")(lambda original: original() + "!")
    patching.patch("moto.made_up:Owner.colour")(lambda original, self: original(self) + "!")
    patching.apply_all()
    owner = moto_module.Owner
    assert (owner.fixed(), owner().fixed(), owner.named(), owner().colour) == (
        2,
        2,
        "Owner!",
        "red!",
    )


@pytest.mark.usefixtures("moto_module")
def test_a_function_is_replaced_wherever_it_was_imported():
    patching.patch("moto.made_up:shout")(lambda original, text: original(text) + "!")
    patching.apply_all()
    assert sys.modules["moto.made_up_user"].shout("a") == "A!"


def test_a_value_is_replaced(moto_module):
    patching.replace("moto.made_up:LIMIT", 5)
    patching.apply_all()
    assert moto_module.LIMIT == 5


def test_a_missing_operation_is_added(moto_module):
    @patching.add("moto.made_up:Owner.leave")
    def leave(self):
        return self.greet("and bye")

    patching.apply_all()
    assert moto_module.Owner().leave() == "hello and bye"


def test_every_mismatch_is_named_and_nothing_is_installed(moto_module):
    patching.patch("moto.made_up:Owner.greet")(str)
    patching.patch("moto.made_up:Owner.gone")(str)
    patching.patch("moto.nowhere:thing")(str)
    patching.add("moto.made_up:Owner.fixed")(str)
    patching.replace("moto.made_up:MISSING", 1)
    with pytest.raises(patching.MotoChanged) as changed:
        patching.apply_all()
    text = str(changed.value)
    assert "moto.made_up:Owner.gone: no such name" in text
    assert "moto.nowhere:thing: No module named" in text
    assert "moto.made_up:Owner.fixed: moto has this now" in text
    assert "moto.made_up:MISSING: no such name" in text
    assert "greet" not in text
    assert moto_module.Owner().greet("Ada") == "hello Ada"
