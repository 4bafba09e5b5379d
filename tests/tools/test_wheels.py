import pytest

from tools import wheels


def test_a_wheel_whose_hash_is_not_pinned_is_refused_and_nothing_is_installed(tmp_path):
    requirements = tmp_path / "pins.txt"
    requirements.write_text(f"annotated-types==0.8.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(wheels.MissingWheelError, match=r"pins\.txt cannot be installed"):
        wheels.install(requirements, wheels.this_target(), tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pins.txt"]


def test_functions_in_aws_get_wheels_for_graviton_and_its_glibc_or_older():
    options = wheels.lambda_target().pip_options()
    assert "--platform=manylinux_2_34_aarch64" in options
    assert "--platform=manylinux2014_aarch64" in options
    assert "--platform=manylinux_2_35_aarch64" not in options
    assert "--abi=cp313" in options


def test_this_machine_is_left_to_pip():
    assert wheels.this_target().pip_options() == []
