"""`help()` shows what editors do: what a call does, its parameters, defaults and errors; and its examples run."""

import ast
import doctest
import importlib
import inspect
import pydoc
import runpy

import libkv
import pytest
from conftest import ROOT
from libkv import _libkv, aio

STUB = ast.parse((ROOT / "python/libkv/_libkv.pyi").read_text())
DOCSTRINGS = dict(runpy.run_path(str(ROOT / "bindings/python/doc.py"))["docstrings"](STUB))
MODULES = [
    "libkv",
    "libkv.aio",
    "libkv.credentials",
    "libkv.exceptions",
    "libkv.paging",
    "libkv.polling",
    "libkv.testing",
]
OF_THE_CLIENT = ["core", "read_page"]
"""Parameters of constructors that only the client calls."""


def examples():
    for module in map(importlib.import_module, MODULES):
        finder = doctest.DocTestFinder(exclude_empty=True)
        yield from ((found.name, found.docstring) for found in finder.find(module, globs={}))
    yield from DOCSTRINGS.items()


def routines():
    for package in (libkv, aio):
        for name in package.__all__:
            cls = getattr(package, name)
            if inspect.isclass(cls) and not issubclass(cls, str):
                yield pytest.param(cls, cls, id=f"{package.__name__}.{name}")
                for member, routine in inspect.getmembers(cls, inspect.isroutine):
                    if not member.startswith("_"):
                        yield pytest.param(cls, routine, id=f"{package.__name__}.{name}.{member}")


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_the_extension_module_has_the_docstrings_of_its_stub(name):
    cls, *member = name.split(".")
    thing = getattr(_libkv, cls)
    if member and inspect.isdatadescriptor(inspect.getattr_static(thing, *member)):
        return
    found = inspect.getdoc(getattr(thing, *member) if member else thing)
    assert found == DOCSTRINGS[name], "make bless writes it anew"


@pytest.mark.parametrize(("cls", "routine"), list(routines()))
def test_every_parameter_is_described(cls, routine):
    try:
        names = set(inspect.signature(routine).parameters) - {"self", "args", "kwargs", *OF_THE_CLIENT}
    except ValueError:
        return  # It cannot be constructed.
    text = inspect.getdoc(routine)
    assert text
    assert [name for name in names if f"{name}:" not in text] == []


def test_help_shows_parameters_defaults_and_errors():
    shown = pydoc.render_doc(libkv.SecretClient.get_secret, renderer=pydoc.plaintext)
    for part in ("(self, /, name, version=None, *, timeout=None)", "Args:", "in seconds", "Raises:", "NotFoundError"):
        assert part in shown


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, text in examples() if ">>>" in text])
def test_an_example_runs(client, name, text):
    names = {"client": client, "KeyVaultSecretIdentifier": libkv.KeyVaultSecretIdentifier}
    example = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    report = []
    failed, _tried = doctest.DocTestRunner().run(example, out=report.append)
    assert not failed, "".join(report)
