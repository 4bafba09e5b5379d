import socket

import pytest

from tools import terraform


def dead_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_without_terraform_and_network_one_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(terraform, "RELEASES", dead_address())
    with pytest.raises(terraform.TerraformMissingError) as raised:
        terraform.fetched_binary(tmp_path)
    assert "Install Terraform, or put that file into" in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_an_archive_that_is_not_the_pinned_one_is_never_unpacked(tmp_path):
    archive = tmp_path / f"terraform_{terraform.FETCHED}_{terraform.this_platform()}.zip"
    archive.write_bytes(b"something else")
    with pytest.raises(terraform.TerraformMissingError, match="is not the release that is pinned"):
        terraform.fetched_binary(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [archive.name]


def test_a_program_that_is_not_terraform_is_not_used(tmp_path):
    program = tmp_path / "terraform"
    program.write_text("#!/bin/sh\necho no json\n")
    program.chmod(0o755)
    assert not terraform.is_usable(program)
    assert not terraform.is_usable(tmp_path / "missing")


def test_an_old_terraform_is_not_used(tmp_path):
    program = tmp_path / "terraform"
    program.write_text('#!/bin/sh\necho \'{"terraform_version": "1.5.7"}\'\n')
    program.chmod(0o755)
    assert not terraform.is_usable(program)


def test_a_mirror_is_found_in_either_layout_and_with_the_pinned_version_only(tmp_path):
    name = terraform.this_platform()
    other = tmp_path / "other" / terraform.PROVIDER / "4.0.0" / name
    other.mkdir(parents=True)
    assert terraform.provider_mirror((tmp_path,)) is None
    packed = tmp_path / "packed" / terraform.PROVIDER
    packed.mkdir(parents=True)
    version = terraform.PROVIDER_VERSION
    (packed / f"terraform-provider-aws_{version}_{name}.zip").touch()
    assert terraform.provider_mirror((tmp_path,)) == tmp_path / "packed"
