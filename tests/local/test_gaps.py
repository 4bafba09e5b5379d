"""Each gap is real: what is marked so fails on plain moto, or the patch behind it is dead weight."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_plain_moto_fails_every_test_marked_as_a_gap(tmp_path):
    report = tmp_path / "plain.xml"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/local/contract",
            "-m",
            "gap",
            "--aws-target",
            "plain",
            "-q",
            "-p",
            "no:cacheprovider",
            "--tb=no",
            f"--junitxml={report}",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        timeout=900,
    )
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it
    passed = [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is None and case.find("error") is None
    ]
    assert cases
    assert passed == []
