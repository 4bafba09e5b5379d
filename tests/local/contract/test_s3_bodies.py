"""What a client says of its bytes must be true: hashes, checksums, signed chunks; and big bodies."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import zlib
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Answer, Signing, send, sha256_base64, signature

BODY = b"0123456789" * 20
EMPTY = hashlib.sha256(b"").hexdigest()


@pytest.fixture(scope="module")
def bucket(aws: Any) -> str:
    name = f"bodies-{uuid4().hex[:12]}"
    _s3(aws).create_bucket(Bucket=name)
    return name


def _s3(aws: Any) -> Any:
    return aws.client("s3", config=Config(signature_version="s3v4"))


def _put(aws: Any, bucket: str, body: bytes, **headers: str) -> Answer:
    """PUT through a link that covers these headers, and send the body as it is."""
    signed = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    signing = Signing(
        key_id=aws.access_key_id,
        secret=aws.secret_access_key,
        host=urlsplit(aws.endpoint).netloc,
        path=f"/{bucket}/put",
        method="PUT",
        signed_headers=signed,
    )
    return send(aws.endpoint, "PUT", signing.target(), body, **headers)


def _crc32(data: bytes) -> str:
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


WRONG = {
    "sha256": ({"x_amz_checksum_sha256": sha256_base64(b"other")}, "BadDigest"),
    "crc32": ({"x_amz_checksum_crc32": _crc32(b"other")}, "BadDigest"),
    "crc32c": ({"x_amz_checksum_crc32c": _crc32(b"other")}, "BadDigest"),
    "crc64nvme": ({"x_amz_checksum_crc64nvme": "AAAAAAAAAAA="}, "BadDigest"),
    "sha1": ({"x_amz_checksum_sha1": "AAAA"}, "BadDigest"),
    "md5": ({"content_md5": base64.b64encode(hashlib.md5(b"other").digest()).decode()},  # noqa: S324
            "BadDigest"),
    "two at once": ({"x_amz_checksum_sha1": "AAAA", "x_amz_checksum_crc32": "AAAA"},
                    "InvalidRequest"),
    "two minds": ({"x_amz_checksum_crc32": _crc32(BODY), "x_amz_sdk_checksum_algorithm": "SHA256"},
                  "InvalidRequest"),
}  # fmt: skip


@pytest.mark.gap
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_checksum_is_refused(aws: Any, bucket: str, name: str) -> None:
    headers, code = WRONG[name]
    answer = _put(aws, bucket, BODY, **headers)
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.gap
@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        # The check values of the CRC catalogues, and of FIPS 180-4, for the nine digits.
        ("CRC32", base64.b64encode(bytes.fromhex("cbf43926")).decode()),
        ("CRC32C", base64.b64encode(bytes.fromhex("e3069283")).decode()),
        ("CRC64NVME", base64.b64encode(bytes.fromhex("ae8b14860a799888")).decode()),
        ("SHA256", sha256_base64(b"123456789")),
    ],
)
def test_a_right_checksum_is_kept_with_the_object(
    aws: Any, bucket: str, algorithm: str, value: str
) -> None:
    header = f"x_amz_checksum_{algorithm.lower()}"
    assert _put(aws, bucket, b"123456789", **{header: value}).status == 200
    head = _s3(aws).head_object(Bucket=bucket, Key="put", ChecksumMode="ENABLED")
    assert head[f"Checksum{algorithm}"] == value
    assert head["ChecksumType"] == "FULL_OBJECT"


@pytest.mark.gap
def test_a_checksum_signed_into_the_link_binds_the_body(aws: Any, bucket: str) -> None:
    url = _s3(aws).generate_presigned_url(
        "put_object",
        Params={"Bucket": bucket, "Key": "bound", "ChecksumSHA256": sha256_base64(BODY)},
    )
    target = url.removeprefix(aws.endpoint)
    headers = {"x_amz_checksum_sha256": sha256_base64(BODY)}
    if "x-amz-checksum-sha256=" in target.lower():
        headers = {}
    assert send(aws.endpoint, "PUT", target, b"something else", **headers).code == "BadDigest"
    assert send(aws.endpoint, "PUT", target, BODY, **headers).status == 200


@pytest.mark.gap
def test_a_body_that_is_not_the_signed_one_is_refused(aws: Any, bucket: str) -> None:
    digest = hashlib.sha256(BODY).hexdigest()
    answer = _signed_put(aws, bucket, b"another body", digest)
    assert (answer.status, answer.code) == (400, "XAmzContentSHA256Mismatch")
    assert _signed_put(aws, bucket, BODY, digest).status == 200


@pytest.mark.gap
@pytest.mark.parametrize("payload_hash", ["", "unsigned", "e3b0"])
def test_a_payload_hash_must_be_one(aws: Any, bucket: str, payload_hash: str) -> None:
    assert _signed_put(aws, bucket, BODY, payload_hash).status == 400


def _signed_put(aws: Any, bucket: str, body: bytes, payload_hash: str, *, path: str = "signed",
                **headers: str) -> Answer:  # fmt: skip
    authorization, sent, _ = _authorization(aws, f"/{bucket}/{path}", payload_hash, headers)
    return send(aws.endpoint, "PUT", f"/{bucket}/{path}", body, Authorization=authorization, **sent)


def _authorization(aws: Any, path: str, payload_hash: str, headers: dict[str, str]
                   ) -> tuple[str, dict[str, str], tuple[str, str, str]]:  # fmt: skip
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{stamp[:8]}/us-east-1/s3/aws4_request"
    sent = {"x_amz_date": stamp, "x_amz_content_sha256": payload_hash, **headers}
    signed = {name.replace("_", "-"): value for name, value in sent.items()}
    signed["host"] = urlsplit(aws.endpoint).netloc
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
    request = f"PUT\n{path}\n\n{lines}\n{names}\n{payload_hash}"
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    proof = signature(aws.secret_access_key, stamp[:8], "us-east-1", "s3", text)
    credential = f"Credential={aws.access_key_id}/{scope}"
    header = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders={names}, Signature={proof}"
    return header, sent, (stamp, scope, proof)


def _chunked_put(aws: Any, bucket: str, chunks: list[bytes], trailer: tuple[str, str] | None,
                 spoil: str = "") -> Answer:  # fmt: skip
    """PUT in signed chunks, as SDKs stream; `spoil` names what to make wrong."""
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    length = str(sum(map(len, chunks)))
    headers = {"x_amz_decoded_content_length": length, "content_encoding": "aws-chunked,gzip"}
    if trailer:
        headers["x_amz_trailer"] = trailer[0]
    path = f"/{bucket}/chunked"
    authorization, sent, (stamp, scope, previous) = _authorization(aws, path, kind, headers)

    def proof(of: str, *digests: str) -> str:
        text = "\n".join((of, stamp, scope, previous, *digests))
        return signature(aws.secret_access_key, stamp[:8], "us-east-1", "s3", text)

    body = b""
    for chunk in [*chunks, b""]:
        previous = proof("AWS4-HMAC-SHA256-PAYLOAD", EMPTY, hashlib.sha256(chunk).hexdigest())
        shown = "0" * 64 if spoil == "signature" else previous
        data = chunk.swapcase() if spoil == "chunk" else chunk
        body += f"{len(chunk):x};chunk-signature={shown}\r\n".encode() + data
        body += b"\r\n" if chunk else b""
    if trailer:
        line = f"{trailer[0]}:{trailer[1]}\n"
        mark = proof("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(line.encode()).hexdigest())
        mark = "0" * 64 if spoil == "trailer" else mark
        body += f"{trailer[0]}:{trailer[1]}\r\nx-amz-trailer-signature:{mark}\r\n".encode()
    body += b"\r\n"
    return send(aws.endpoint, "PUT", path, body, Authorization=authorization, **sent)


@pytest.mark.gap
def test_a_body_in_signed_chunks_is_put_together(aws: Any, bucket: str) -> None:
    crc = ("x-amz-checksum-crc32", _crc32(BODY))
    assert _chunked_put(aws, bucket, [BODY[:77], BODY[77:]], crc).status == 200
    found = _s3(aws).get_object(Bucket=bucket, Key="chunked", ChecksumMode="ENABLED")
    assert found["Body"].read() == BODY
    assert found["ChecksumCRC32"] == _crc32(BODY)
    assert found["ContentEncoding"] == "gzip"


def test_a_body_in_signed_chunks_without_trailer_is_put_together(aws: Any, bucket: str) -> None:
    assert _chunked_put(aws, bucket, [BODY[:5], BODY[5:]], None).status == 200
    assert _s3(aws).get_object(Bucket=bucket, Key="chunked")["Body"].read() == BODY


@pytest.mark.gap
@pytest.mark.parametrize(
    ("spoil", "code"), [("signature", "SignatureDoesNotMatch"), ("chunk", "SignatureDoesNotMatch"),
                        ("trailer", "SignatureDoesNotMatch")]
)  # fmt: skip
def test_a_spoiled_chunk_is_refused(aws: Any, bucket: str, spoil: str, code: str) -> None:
    crc = ("x-amz-checksum-crc32", _crc32(b"abcdef" * 9))
    answer = _chunked_put(aws, bucket, [b"abcdef" * 9], crc, spoil)
    assert (answer.status, answer.code) == (403, code)


@pytest.mark.gap
def test_a_trailer_that_is_not_the_bodys_checksum_is_refused(aws: Any, bucket: str) -> None:
    crc = ("x-amz-checksum-crc32", _crc32(b"other"))
    assert _chunked_put(aws, bucket, [BODY], crc).code == "BadDigest"


def test_an_unsigned_payload_with_a_trailer_is_put_together(aws: Any, bucket: str) -> None:
    body = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n"
    body += f"x-amz-checksum-crc32:{_crc32(BODY)}\r\n\r\n".encode()
    answer = _signed_put(
        aws,
        bucket,
        body,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        x_amz_decoded_content_length=str(len(BODY)),
        x_amz_trailer="x-amz-checksum-crc32",
        content_encoding="aws-chunked",
    )
    assert answer.status == 200
    assert _s3(aws).get_object(Bucket=bucket, Key="signed")["Body"].read() == BODY


def test_an_object_is_not_overwritten_where_that_is_forbidden(aws: Any, bucket: str) -> None:
    s3, key = _s3(aws), uuid4().hex
    s3.put_object(Bucket=bucket, Key=key, Body=b"first", IfNoneMatch="*")
    with pytest.raises(s3.exceptions.ClientError) as refused:
        s3.put_object(Bucket=bucket, Key=key, Body=b"second", IfNoneMatch="*")
    assert refused.value.response["Error"]["Code"] == "PreconditionFailed"
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"third")
    with pytest.raises(s3.exceptions.ClientError) as completed:
        s3.complete_multipart_upload(
            Bucket=bucket,
            Key=key,
            UploadId=upload,
            IfNoneMatch="*",
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        )
    assert completed.value.response["Error"]["Code"] == "PreconditionFailed"
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"first"


@pytest.mark.gap
def test_the_checksum_of_an_upload_in_parts_is_composite(aws: Any, bucket: str) -> None:
    s3 = _s3(aws)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="parts", ChecksumAlgorithm="SHA256")
    part = s3.upload_part(
        Bucket=bucket, Key="parts", UploadId=upload["UploadId"], PartNumber=1, Body=BODY,
        ChecksumAlgorithm="SHA256",
    )  # fmt: skip
    parts = [{"PartNumber": 1, "ETag": part["ETag"], "ChecksumSHA256": part["ChecksumSHA256"]}]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="parts", UploadId=upload["UploadId"], MultipartUpload={"Parts": parts}
    )
    head = s3.head_object(Bucket=bucket, Key="parts", ChecksumMode="ENABLED")
    assert head["ChecksumType"] == "COMPOSITE"
    digest = hashlib.sha256(hashlib.sha256(BODY).digest()).digest()
    assert head["ChecksumSHA256"] == base64.b64encode(digest).decode() + "-1"


def test_a_big_object_comes_back_as_it_went(aws: Any, bucket: str) -> None:
    s3, body = _s3(aws), b"waybill!" * (4 * 1024 * 1024)
    s3.put_object(Bucket=bucket, Key="big", Body=body)
    found = s3.get_object(Bucket=bucket, Key="big")
    assert found["ContentLength"] == len(body)
    assert hashlib.sha256(found["Body"].read()).digest() == hashlib.sha256(body).digest()
    tail = s3.get_object(Bucket=bucket, Key="big", Range="bytes=-8")["Body"].read()
    assert tail == b"waybill!"
    s3.delete_object(Bucket=bucket, Key="big")
