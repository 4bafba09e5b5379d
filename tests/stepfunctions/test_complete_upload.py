"""The end of an upload, run from its definition with the steps of the deployed zip."""

from __future__ import annotations

import hashlib
import uuid

import pytest

from app.adapters.rows import file_row
from app.domain.files import FileState
from tests.app.samples import an_upload
from tests.stepfunctions.conftest import an_attempt

BYTES = b"%PDF the very bytes"


@pytest.fixture
def upload(deployment, ada):
    """A file that has been announced and not yet come."""
    file_id = str(uuid.uuid4())
    made = an_upload(
        id=file_id,
        owner=ada.sub,
        key=f"users/{ada.sub}/{file_id}",
        size=len(BYTES),
        sha256=hashlib.sha256(BYTES).hexdigest(),
    )
    deployment.tables.put(file_row(made))
    return made


@pytest.fixture
def put(deployment, upload):
    """Bring bytes to where the upload belongs; returns their version."""

    def store(content, **more):
        return deployment.s3.put_object(
            Bucket=deployment.name, Key=upload.key, Body=content, **more
        )["VersionId"]

    return store


@pytest.fixture
def complete(deployment, upload):
    def run(person):
        given = an_attempt(person, upload.id)
        status, output = deployment.run("complete_upload", given)
        assert status == "SUCCEEDED"
        return output, deployment.record(given)

    return run


def test_the_announced_bytes_make_the_file_ready(deployment, upload, put, complete, ada):
    version = put(BYTES, ChecksumAlgorithm="SHA256")
    output, record = complete(ada)
    assert output["status"] == "granted"
    assert output["body"]["state"] == "ready"
    file = deployment.store.file(upload.id)
    assert (file.state, file.version) == (FileState.READY, version)
    assert (record["outcome"], record["version"]) == ("allowed", version)


def test_nothing_uploaded_is_nothing_to_complete(deployment, upload, complete, ada):
    output, record = complete(ada)
    assert output == {"status": "refused", "problem": {"code": "upload_missing"}}
    assert record["reason"] == "upload_missing"
    assert deployment.store.file(upload.id) == upload


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (BYTES[::-1], {"ChecksumAlgorithm": "SHA256"}),
        (BYTES + b"!", {"ChecksumAlgorithm": "SHA256"}),
        (BYTES, {"ChecksumAlgorithm": "CRC32"}),
    ],
    ids=["other bytes", "more bytes", "without the hash"],
)
def test_what_was_not_announced_is_refused(
    *, deployment, upload, put, complete, ada, content, more
):
    put(content, **more)
    output, record = complete(ada)
    assert output["problem"] == {"code": "upload_differs"}
    assert record["reason"] == "upload_differs"
    assert deployment.store.file(upload.id) == upload


def test_a_file_is_completed_once_and_stays_what_it_was(deployment, upload, put, complete, ada):
    """Bytes that come later under the same key are another version, which nobody was promised."""
    version = put(BYTES, ChecksumAlgorithm="SHA256")
    complete(ada)
    put(b"later", ChecksumAlgorithm="SHA256")
    output, _ = complete(ada)
    assert output["problem"] == {"code": "already_complete"}
    assert deployment.store.file(upload.id).version == version


def test_nobody_completes_somebody_elses_upload(put, complete, bob):
    put(BYTES, ChecksumAlgorithm="SHA256")
    output, record = complete(bob)
    assert output["problem"] == {"code": "not_found"}
    assert record["reason"] == "not_owner"


def test_a_session_revoked_since_completes_nothing(
    *, deployment, upload, put, complete, ada, disable
):
    put(BYTES, ChecksumAlgorithm="SHA256")
    disable(ada, not_before=1_900_000_000)
    output, _ = complete(ada)
    assert output["problem"] == {"code": "session_revoked"}
    assert deployment.store.file(upload.id) == upload
