import re
import zipfile

import pytest

from tools import imports, package, paths, wheels

API_IMPORT_SECONDS = 0.250
STEP_IMPORT_SECONDS = 0.050
HANDLERS = imports.handlers()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    package.build_local()
    return imports.unpack(paths.LOCAL_ZIP, tmp_path_factory.mktemp("function"))


def test_two_builds_apart_give_the_same_bytes(capsys):
    assert package.verify(), capsys.readouterr().out


def test_terraform_names_the_api_and_every_step():
    assert "app.app" in HANDLERS
    assert len(HANDLERS) >= 8


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_is_in_the_zip_and_imports_by_itself(handler, unpacked):
    assert imports.measure(handler, unpacked).callable


@pytest.mark.parametrize("handler", HANDLERS)
def test_imports_are_quick_once_compiled(handler, unpacked):
    limit = API_IMPORT_SECONDS if handler == "app.app" else STEP_IMPORT_SECONDS
    imports.measure(handler, unpacked)
    measured = [imports.measure(handler, unpacked) for _ in range(5)]
    assert min(one.seconds / one.slowness for one in measured) < limit


@pytest.mark.parametrize("handler", [name for name in HANDLERS if name != "app.app"])
def test_a_step_imports_neither_the_api_nor_pydantic(handler, unpacked):
    assert not {"chalice", "pydantic", "app.api"} & imports.measure(handler, unpacked).modules


@pytest.mark.usefixtures("unpacked")
def test_the_zip_has_no_boto3_no_tests_and_no_installation_records():
    with zipfile.ZipFile(paths.LOCAL_ZIP) as archive:
        names = archive.namelist()
    unwanted = re.compile(r"(^|/)(boto3|botocore|tests?|__pycache__|RECORD|INSTALLER)(/|$)|\.pyc$")
    assert [name for name in names if unwanted.search(name)] == []


@pytest.mark.usefixtures("unpacked")
def test_the_zip_is_small():
    assert paths.LOCAL_ZIP.stat().st_size <= 3 * 1024 * 1024


@pytest.mark.usefixtures("unpacked")
def test_nothing_is_built_again_when_nothing_changed():
    before = paths.LOCAL_ZIP.stat().st_mtime_ns
    package.build_zip(wheels.this_target(), paths.LOCAL_ZIP, paths.BUILD)
    assert paths.LOCAL_ZIP.stat().st_mtime_ns == before
