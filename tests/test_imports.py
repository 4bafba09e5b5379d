"""The direction of imports: api -> routes | steps -> bootstrap -> adapters -> ports -> domain."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("app", "local", "tools")

# What a part may import of the product; the longest matching prefix on the left applies.
MAY_IMPORT = {
    "app": ("app",),
    "app.api": ("app.routes", "app.contract", "app.bootstrap", "app.settings", "app.domain"),
    "app.routes": ("app.routes", "app.contract", "app.bootstrap", "app.ports", "app.domain"),
    "app.steps": ("app.steps", "app.contract", "app.bootstrap", "app.ports", "app.domain"),
    "app.triggers": ("app.triggers", "app.contract", "app.bootstrap", "app.ports", "app.domain"),
    "app.contract": ("app.contract", "app.domain"),
    "app.bootstrap": ("app.adapters", "app.ports", "app.settings", "app.domain"),
    "app.adapters": ("app.adapters", "app.ports", "app.domain"),
    "app.ports": ("app.domain",),
    "app.settings": ("app.domain",),
    "app.domain": ("app.domain",),
    "local": ("local",),
    "tools": ("tools", "app.contract", "app.domain"),
}
# Packages of others that only these parts may import.
ONLY_IN = {
    "boto3": ("app.adapters", "app.bootstrap", "local", "tools"),
    "botocore": ("app.adapters", "app.bootstrap", "local", "tools"),
    "chalice": ("app.api", "app.routes", "tools"),
    "pydantic": ("app.api", "app.routes", "app.contract", "tools"),
    "moto": ("local",),
    "python_terraform": ("tools",),
}
# Calls that make a result depend on more than its arguments, and where they are made.
ONLY_CALLED_IN = {
    "os.environ": ("app.settings", "local", "tools"),
    "os.getenv": (),
    "datetime.now": ("app.adapters", "local", "tools"),
    "time.time": ("app.adapters", "local", "tools"),
    "uuid4": ("app.adapters", "local", "tools"),
}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources():
    return {
        module_name(path): path.read_text()
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def within(name, prefixes):
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def imported_names(source):
    """Each imported module, and for `from package import name` also package.name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((node.module, f"{node.module}.{alias.name}") for alias in node.names)


def rule_of(module):
    return MAY_IMPORT[max((name for name in MAY_IMPORT if within(module, [name])), key=len)]


def wrong_imports(modules):
    ours = {*FOLDERS, "tests"}
    for module, source in modules.items():
        for package, name in imported_names(source):
            top = package.split(".")[0]
            if top in ours and not within(name, rule_of(module)):
                yield f"{module} imports {name}"
            # The package itself only names the Chalice object's type.
            if top in ONLY_IN and module != "app" and not within(module, ONLY_IN[top]):
                yield f"{module} imports {package}"


def wrong_calls(modules):
    for module, source in modules.items():
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Attribute | ast.Name):
                continue
            text = ast.unparse(node)
            for call, places in ONLY_CALLED_IN.items():
                if (text == call or text.endswith(f".{call}")) and not within(module, places):
                    yield f"{module} uses {call}"


def test_every_import_points_inwards():
    assert sorted(set(wrong_imports(sources()))) == []


def test_time_chance_and_environment_are_read_in_their_own_places():
    assert sorted(set(wrong_calls(sources()))) == []


def test_the_domain_needs_the_standard_library_only():
    domain = {name: text for name, text in sources().items() if within(name, ["app.domain"])}
    packages = {
        package.split(".")[0] for text in domain.values() for package, _ in imported_names(text)
    }
    assert packages - {"app"} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("app.domain.access", "from app.adapters import permission_store"),
        ("app.routes.files", "from app.steps.share_file import decide_sharing"),
        ("app.steps.share_file", "import app.routes.files"),
        ("app.routes.files", "import boto3"),
        ("app.steps.share_file", "from app.adapters.clock import Clock"),
        ("app.domain.shares", "from pydantic import BaseModel"),
        ("local.s3", "from app.domain.files import File"),
        ("app.api", "from tools import paths"),
        ("local.server", "import tests.person"),
    ],
)
def test_a_planted_wrong_import_is_found(module, line):
    assert list(wrong_imports({module: line})) != []


@pytest.mark.parametrize(
    "line", ["import os\nos.environ['A']", "now = datetime.now(UTC)", "key = uuid.uuid4()"]
)
def test_a_planted_wrong_call_is_found(line):
    assert list(wrong_calls({"app.domain.access": line})) != []
