import os
import sys

import pytest

from tools.children import Child, ChildFailedError


def child(tmp_path, program):
    return Child("Example", [sys.executable, "-c", program], tmp_path / "log", dict(os.environ))


def test_a_failed_child_is_reported_with_its_code_and_the_end_of_its_log(tmp_path):
    failing = child(tmp_path, "for n in range(99): print('line', n)\nraise SystemExit(3)")
    with pytest.raises(ChildFailedError) as raised:
        failing.wait()
    assert "Example ended with code 3" in str(raised.value)
    assert "| line 98" in str(raised.value)
    assert "| line 1\n" not in str(raised.value)


def test_a_good_end_is_silent(tmp_path):
    child(tmp_path, "pass").wait()


def test_stopping_ends_a_child_and_may_be_repeated(tmp_path):
    sleeping = child(tmp_path, "import time; time.sleep(600)")
    assert sleeping.running
    sleeping.stop()
    sleeping.stop()
    assert not sleeping.running
