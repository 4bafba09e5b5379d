"""tools/terraform.py: finds Terraform and the provider, or says what to do."""

from __future__ import annotations

import hashlib
import stat
import zipfile

import pytest

from tools import terraform


def _program(file, version):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"""#!/bin/sh\necho '{{"terraform_version": "{version}"}}'\n""")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A zip as HashiCorp publishes it, laid where a fetched one would be, and pinned."""
    name = terraform.this_platform()
    archive = tmp_path / f"terraform_{terraform.FETCHED}_{name}.zip"
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("LICENSE.txt", "")
        files.writestr("terraform", "#!/bin/sh\n")
    monkeypatch.setitem(terraform.SHA256, name, hashlib.sha256(archive.read_bytes()).hexdigest())
    return archive


@pytest.mark.parametrize("version", ["1.11.0", "1.11.4", "1.14.2", "1.12.0-beta1"])
def test_a_version_that_reads_our_files_is_used(tmp_path, version):
    assert terraform.is_usable(_program(tmp_path / "terraform", version))


@pytest.mark.parametrize("version", ["0.15.5", "1.10.9", "2.0.0"])
def test_an_older_and_a_later_language_are_not(tmp_path, version):
    assert not terraform.is_usable(_program(tmp_path / "terraform", version))


def test_what_is_no_terraform_is_not_used(tmp_path):
    assert not terraform.is_usable(tmp_path / "missing")


def test_a_release_laid_there_by_hand_is_unpacked(release):
    binary = terraform.fetched_binary(release.parent)
    assert binary.read_text() == "#!/bin/sh\n"
    assert binary.stat().st_mode & stat.S_IXUSR


def test_a_release_that_is_not_the_pinned_one_is_refused(release):
    release.write_bytes(release.read_bytes() + b"more")
    with pytest.raises(terraform.TerraformMissingError, match="not the release that is pinned"):
        terraform.fetched_binary(release.parent)


def test_when_it_can_neither_be_found_nor_fetched_it_says_what_to_do(tmp_path):
    to = tmp_path / "terraform.zip"
    with pytest.raises(terraform.TerraformMissingError) as failure:
        terraform.download("http://127.0.0.1:9/terraform.zip", to)
    assert "Install Terraform, or put that file into" in str(failure.value)
    assert not to.exists()


@pytest.mark.parametrize("depth", ["", "plugins", "terraform/plugins"])
@pytest.mark.parametrize("layout", ["unpacked", "packed"])
def test_a_mirror_is_found_wherever_it_is_and_however_it_is_laid_out(tmp_path, depth, layout):
    name, version = terraform.this_platform(), terraform.PROVIDER_VERSION
    folder = tmp_path / depth / terraform.PROVIDER
    if layout == "unpacked":
        (folder / version / name).mkdir(parents=True)
    else:
        folder.mkdir(parents=True)
        (folder / f"terraform-provider-aws_{version}_{name}.zip").touch()
    assert terraform.provider_mirror((tmp_path,)) == tmp_path / depth


def test_a_mirror_of_another_version_is_passed_over(tmp_path):
    (tmp_path / terraform.PROVIDER / "5.99.0" / terraform.this_platform()).mkdir(parents=True)
    assert terraform.provider_mirror((tmp_path,)) is None


def test_without_a_mirror_the_registry_is_asked_and_its_answer_kept(tmp_path):
    text = terraform.write_configuration(tmp_path, None).read_text()
    assert text == f'plugin_cache_dir = "{tmp_path}/providers"\n'
    assert (tmp_path / "providers").is_dir()
