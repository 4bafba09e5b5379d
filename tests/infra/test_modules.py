"""What every Terraform file keeps to, read from its text."""

from __future__ import annotations

import itertools
import re

import pytest

from tests.infra import hcl

VARIABLES = hcl.blocks(hcl.INFRA, "variable")
OUTPUTS = hcl.blocks(hcl.INFRA, "output")
SENTENCE = re.compile(r'^"[A-Z].*\."$')
LONGEST_FILE = 200


@pytest.mark.parametrize("variable", VARIABLES, ids=str)
def test_a_variable_is_typed_described_and_never_null(variable):
    assert variable.argument("type"), "no type"
    assert not re.search(r"\bany\b", variable.argument("type")), "any is no type"
    assert SENTENCE.match(variable.argument("description") or ""), "no sentence describes it"
    assert variable.argument("nullable") == "false"


@pytest.mark.parametrize("output", OUTPUTS, ids=str)
def test_an_output_is_described(output):
    assert SENTENCE.match(output.argument("description") or "")


@pytest.mark.parametrize("variable", VARIABLES, ids=str)
def test_a_refusal_is_a_sentence(variable):
    for message in re.findall(r"error_message = (.*)", variable.body):
        assert SENTENCE.match(message)


@pytest.mark.parametrize("kind", ["variable", "output"])
@pytest.mark.parametrize("root", hcl.ROOTS, ids=lambda root: root.name)
def test_names_are_in_alphabetical_order(root, kind):
    for file in sorted(root.glob("*.tf")):
        names = [block.name for block in hcl.blocks(root, kind) if block.file == file]
        assert names == sorted(names), file.name


@pytest.mark.parametrize("file", hcl.files(), ids=lambda file: str(file.relative_to(hcl.INFRA)))
def test_a_star_stands_for_a_resource_only_under_a_comment_that_says_why(file):
    lines = file.read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if re.search(r'resources\s+= \["\*"\]', line):
            assert above.strip().startswith("# "), f"{file.name}: {line}"


@pytest.mark.parametrize("file", hcl.files(), ids=lambda file: str(file.relative_to(hcl.INFRA)))
def test_no_policy_is_written_as_json(file):
    text = file.read_text()
    assert '"Version"' not in text
    assert not re.search(r"policy\s+= (jsonencode|<<|file\()", text)


@pytest.mark.parametrize("file", hcl.files(), ids=lambda file: str(file.relative_to(hcl.INFRA)))
def test_a_statement_is_named_by_a_sentence_in_pascal_case(file):
    for statement in re.findall(r'^    ?sid\s+= "(.*)"', file.read_text(), re.MULTILINE):
        assert re.fullmatch(r"([A-Z][a-z0-9]*){2,}(\$\{title\(statement\.key\)\})?", statement)


@pytest.mark.parametrize("file", hcl.files(), ids=lambda file: str(file.relative_to(hcl.INFRA)))
def test_a_file_can_be_read_in_one_go(file):
    longest = 150 if file == hcl.INFRA / "platform" / "main.tf" else LONGEST_FILE
    assert len(file.read_text().splitlines()) <= longest


@pytest.mark.parametrize("file", hcl.files(), ids=lambda file: str(file.relative_to(hcl.INFRA)))
def test_a_skipped_check_has_its_reason_beside_it(file):
    for skip in re.findall(r"#checkov:skip=(.*)", file.read_text()):
        assert re.fullmatch(r"CKV2?_AWS_\d+: [A-Z].+\.", skip)


@pytest.mark.parametrize("root", [*hcl.MODULES, hcl.INFRA / "platform"], ids=lambda root: root.name)
def test_the_readme_has_the_story_a_drawing_and_every_input_and_output(root):
    readme = (root / "README.md").read_text()
    assert "```mermaid" in readme
    rows = {
        tuple(part.strip() for part in line.split("|")[1:3])
        for line in readme.splitlines()
        if line.startswith("| `")
    }
    blocks = hcl.blocks(root, "variable") + hcl.blocks(root, "output")
    described = {(block.name, block.argument("description").strip('"')) for block in blocks}
    assert rows == {(f"`{name}`", text.replace("$${", "${")) for name, text in described}


def test_every_module_is_part_of_the_product():
    sources = {
        (block.file.parent / block.argument("source").strip('"')).resolve()
        for block in hcl.blocks(hcl.INFRA, "module")
    }
    assert sources == {*hcl.MODULES, hcl.INFRA / "platform"}


@pytest.mark.parametrize("root", hcl.ENVIRONMENTS, ids=lambda root: root.name)
def test_an_environment_is_one_call_of_the_platform(root):
    assert [module.name for module in hcl.blocks(root, "module")] == ["waybill"]
    assert hcl.blocks(root, "resource") == []


@pytest.mark.parametrize("root", hcl.ENVIRONMENTS, ids=lambda root: root.name)
def test_the_provider_is_locked_for_every_platform(root):
    lock = (root / ".terraform.lock.hcl").read_text()
    assert re.search(r'version += "5\.100\.0"', lock)
    assert len(re.findall(r'"zh:[0-9a-f]{64}"', lock)) == 15
    assert '"h1:' in lock
