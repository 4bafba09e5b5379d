"""A presigned URL opens one object, one way, for its lifetime: every other use of it is refused."""

from __future__ import annotations

import datetime as dt
import random
import string
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Answer, Signing, marked, send

if TYPE_CHECKING:
    from collections.abc import Callable

V4 = Config(signature_version="s3v4")
BODY = b"the very bytes that were shared"
KEY = "users/4f/report 1+2.txt"
PATH_OF_KEY = "users/4f/report%201%2B2.txt"
NOW = dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Shelf:
    """A bucket with one object, and how to sign for it."""

    aws: Any
    s3: Any
    bucket: str
    version: str

    @property
    def signing(self) -> Signing:
        return Signing(
            key_id=self.aws.access_key_id,
            secret=self.aws.secret_access_key,
            host=urlsplit(self.aws.endpoint).netloc,
            path=f"/{self.bucket}/{PATH_OF_KEY}",
        )

    def url(self, **parameters: str) -> str:
        given = {"Bucket": self.bucket, "Key": KEY, **parameters}
        url = self.s3.generate_presigned_url("get_object", Params=given, ExpiresIn=60)
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        return send(self.aws.endpoint, method, target, body, **headers)


@pytest.fixture(scope="module")
def shelf(aws: Any) -> Shelf:
    s3 = aws.client("s3", config=V4)
    bucket = f"presigned-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket=bucket, Key=KEY, Body=BODY)["VersionId"]
    s3.put_object(Bucket=bucket, Key="users/4f/other.txt", Body=b"somebody else's")
    return Shelf(aws, s3, bucket, version)


def test_a_presigned_url_opens_its_object(shelf: Shelf) -> None:
    answer = shelf.send("GET", shelf.url(VersionId=shelf.version))
    assert (answer.status, answer.body) == (200, BODY)
    assert answer.headers["x-amz-version-id"] == shelf.version


def test_the_tests_own_signer_agrees_with_the_server(shelf: Shelf) -> None:
    assert shelf.send("GET", shelf.signing.target()).body == BODY


def test_signed_overrides_of_the_response_are_followed(shelf: Shelf) -> None:
    disposition = "attachment; filename*=UTF-8''report%201%2B2.txt"
    url = shelf.url(ResponseContentDisposition=disposition, ResponseContentType="text/plain")
    headers = shelf.send("GET", url).headers
    assert headers["content-disposition"] == disposition
    assert headers["content-type"] == "text/plain"


def test_parameters_that_s3_does_not_know_are_ignored_once_signed(shelf: Shelf) -> None:
    target = replace(shelf.signing, parameters=(("x-wb-grant", "g-1"),)).target()
    assert shelf.send("GET", target).body == BODY


def test_a_range_of_a_presigned_object_is_206(shelf: Shelf) -> None:
    answer = shelf.send("GET", shelf.url(), Range="bytes=4-7")
    assert (answer.status, answer.body) == (206, BODY[4:8])
    assert answer.headers["content-range"] == f"bytes 4-7/{len(BODY)}"


def test_an_unchanged_object_is_304(shelf: Shelf) -> None:
    etag = shelf.send("GET", shelf.url()).headers["etag"]
    answer = shelf.send("GET", shelf.url(), If_None_Match=etag)
    assert (answer.status, answer.body) == (304, b"")


def test_a_range_beyond_the_object_is_416(shelf: Shelf) -> None:
    assert shelf.send("GET", shelf.url(), Range="bytes=900-").code == "InvalidRange"


@pytest.mark.gap
def test_presigned_put_head_delete_and_parts_each_work_and_only_as_signed(shelf: Shelf) -> None:
    signing = replace(shelf.signing, path=f"/{shelf.bucket}/made/by-url.txt")
    put = replace(signing, method="PUT").target()
    assert shelf.send("PUT", put, b"one").status == 200
    head = replace(signing, method="HEAD").target()
    assert shelf.send("HEAD", head).headers["content-length"] == "3"
    assert shelf.send("DELETE", head).status == 403
    delete = replace(signing, method="DELETE").target()
    assert shelf.send("DELETE", delete).status == 204

    upload = shelf.s3.create_multipart_upload(Bucket=shelf.bucket, Key="made/parts")["UploadId"]
    part = shelf.s3.generate_presigned_url(
        "upload_part",
        Params={"Bucket": shelf.bucket, "Key": "made/parts", "UploadId": upload, "PartNumber": 1},
    )
    target = part.removeprefix(shelf.aws.endpoint)
    assert shelf.send("PUT", target.replace("partNumber=1", "partNumber=2"), b"x").status == 403
    etag = shelf.send("PUT", target, b"x").headers["etag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}
    shelf.s3.complete_multipart_upload(
        Bucket=shelf.bucket, Key="made/parts", UploadId=upload, MultipartUpload=parts
    )
    assert shelf.s3.head_object(Bucket=shelf.bucket, Key="made/parts")["ContentLength"] == 1


def _swap(old: str, new: str) -> Callable[[str], str]:
    def change(target: str) -> str:
        assert old in target
        return target.replace(old, new, 1)

    return change


def _without(name: str) -> Callable[[str], str]:
    def change(target: str) -> str:
        path, _, query = target.partition("?")
        kept = [pair for pair in query.split("&") if not pair.startswith(f"{name}=")]
        assert len(kept) == query.count("&")
        return f"{path}?{'&'.join(kept)}"

    return change


# What an attacker who holds a good link does to its text, and the code S3 answers with.
ALTERED = {
    "other key": (_swap("report", "other"), "SignatureDoesNotMatch"),
    "longer key": (_swap(".txt?", ".txt.bak?"), "SignatureDoesNotMatch"),
    "key up one folder": (_swap("/4f/", "/4f/../4f/"), "SignatureDoesNotMatch"),
    "slash of the key escaped": (_swap("/4f/", "%2F4f/"), "SignatureDoesNotMatch"),
    "second slash": (_swap("/4f/", "//4f/"), "SignatureDoesNotMatch"),
    "escape in lower case": (_swap("%2B", "%2b"), "SignatureDoesNotMatch"),
    "plus unescaped": (_swap("%2B", "+"), "SignatureDoesNotMatch"),
    "needless escape": (_swap("report", "%72eport"), "SignatureDoesNotMatch"),
    "inline instead of attachment": (_swap("attachment", "inline"), "SignatureDoesNotMatch"),
    "file name changed": (_swap("paper.pdf", "paper.exe"), "SignatureDoesNotMatch"),
    "escape of a parameter in lower case": (_swap("%3B", "%3b"), "SignatureDoesNotMatch"),
    "plus for a space": (_swap("%3B%20", "%3B+"), "SignatureDoesNotMatch"),
    "parameter added": (lambda t: t + "&response-content-type=text%2Fhtml",
                        "SignatureDoesNotMatch"),
    "x- parameter added": (lambda t: t + "&x-wb-grant=g2", "SignatureDoesNotMatch"),
    "x-amz- parameter added": (lambda t: t + "&x-amz-meta-a=b", "SignatureDoesNotMatch"),
    "empty parameter added": (lambda t: t + "&", "SignatureDoesNotMatch"),
    "subresource added": (lambda t: t + "&acl", "SignatureDoesNotMatch"),
    "version added": (lambda t: t + "&versionId=null", "SignatureDoesNotMatch"),
    "lifetime doubled": (_swap("X-Amz-Expires=60", "X-Amz-Expires=6000"), "SignatureDoesNotMatch"),
    "lifetime twice": (lambda t: t + "&X-Amz-Expires=6000", "InvalidArgument"),
    "disposition twice": (lambda t: t + "&response-content-disposition=inline", "InvalidArgument"),
    "signature twice": (lambda t: t + "&X-Amz-Signature=00", "InvalidArgument"),
    "lifetime twice, other case": (lambda t: t + "&x-amz-expires=6000", "InvalidArgument"),
    "signature missing": (_without("X-Amz-Signature"), "AuthorizationQueryParametersError"),
    "algorithm missing": (_without("X-Amz-Algorithm"), "AuthorizationQueryParametersError"),
    "credential missing": (_without("X-Amz-Credential"), "AuthorizationQueryParametersError"),
    "date missing": (_without("X-Amz-Date"), "AuthorizationQueryParametersError"),
    "lifetime missing": (_without("X-Amz-Expires"), "AuthorizationQueryParametersError"),
    "signed headers missing": (_without("X-Amz-SignedHeaders"),
                               "AuthorizationQueryParametersError"),
    "disposition missing": (_without("response-content-disposition"), "SignatureDoesNotMatch"),
    "signature empty": (lambda t: t.split("X-Amz-Signature")[0] + "X-Amz-Signature=",
                        "AuthorizationQueryParametersError"),
    "signature of zeros": (lambda t: t.split("X-Amz-Signature")[0] + "X-Amz-Signature=" + "0" * 64,
                           "SignatureDoesNotMatch"),
    "everything unsigned": (lambda t: t.split("?")[0], "AccessDenied"),
    "algorithm replaced": (_swap("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
                           "AuthorizationQueryParametersError"),
    "unknown key": (_swap("X-Amz-Credential=AKIA", "X-Amz-Credential=AKIB"), "InvalidAccessKeyId"),
    "temporary key's token added": (lambda t: t + "&X-Amz-Security-Token=x", "InvalidToken"),
}  # fmt: skip


# Where the key is none, plain moto looks at the headers a link speaks of, and refuses by chance.
REFUSED_BY_MOTO = {"other key", "longer key", "key up one folder", "second slash"}


@pytest.mark.parametrize("name", marked(ALTERED, REFUSED_BY_MOTO))
def test_an_altered_link_is_refused(shelf: Shelf, name: str) -> None:
    change, code = ALTERED[name]
    target = change(shelf.url(ResponseContentDisposition='attachment; filename="paper.pdf"'))
    answer = shelf.send("GET", target)
    assert answer.code == code
    assert answer.status in {400, 403}
    assert BODY not in answer.body


# Links that were signed, but not as they may be.
BADLY_SIGNED = {
    "expired": ({"at": NOW - dt.timedelta(seconds=120)}, 403, "AccessDenied"),
    "expired long ago": ({"at": NOW - dt.timedelta(days=8), "expires": "604800"}, 403,
                         "AccessDenied"),
    "from the future": ({"at": NOW + dt.timedelta(hours=2)}, 403, "AccessDenied"),
    "longer than a week": ({"expires": "604801"}, 400, "AuthorizationQueryParametersError"),
    "no lifetime": ({"expires": "0"}, 400, "AuthorizationQueryParametersError"),
    "negative lifetime": ({"expires": "-5"}, 400, "AuthorizationQueryParametersError"),
    "lifetime in words": ({"expires": "long"}, 400, "AuthorizationQueryParametersError"),
    "other region": ({"region": "eu-west-1"}, 400, "AuthorizationQueryParametersError"),
    "other service": ({"service": "sts"}, 400, "AuthorizationQueryParametersError"),
    "scope of another day": ({"scope_date": "20200101"}, 400, "AuthorizationQueryParametersError"),
    "another secret": ({"secret": "x" * 40}, 403, "SignatureDoesNotMatch"),
    "another host": ({"host": "files.s3.us-east-1.amazonaws.com"}, 403, "SignatureDoesNotMatch"),
    "host not signed": ({"sign_host": False, "signed_headers": (("range", "bytes=0-9"),)}, 403,
                        "AccessDenied"),
    "another method": ({"method": "PUT"}, 403, "SignatureDoesNotMatch"),
    "a header that is not sent": ({"signed_headers": (("x-amz-acl", "private"),)}, 403,
                                  "SignatureDoesNotMatch"),
}  # fmt: skip


@pytest.mark.gap
@pytest.mark.parametrize("name", BADLY_SIGNED)
def test_a_badly_signed_link_is_refused(shelf: Shelf, name: str) -> None:
    changes, status, code = BADLY_SIGNED[name]
    answer = shelf.send("GET", replace(shelf.signing, **changes).target())
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.gap
@pytest.mark.parametrize(
    "headers",
    [
        {"x_amz_acl": "public-read"},
        {"x_amz_meta_owner": "mallory"},
        {"x_amz_server_side_encryption": "AES256"},
        {"x_amz_tagging": "a=b"},
    ],
)
def test_an_unsigned_amz_header_is_refused(shelf: Shelf, headers: dict[str, str]) -> None:
    target = replace(shelf.signing, method="PUT", path=f"/{shelf.bucket}/made/new").target()
    answer = shelf.send("PUT", target, b"x", **headers)
    assert (answer.status, answer.code) == (403, "AccessDenied")


@pytest.mark.gap
@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "POST"])
def test_a_link_to_read_does_nothing_else(shelf: Shelf, method: str) -> None:
    assert shelf.send(method, shelf.url(), b"").status in {400, 403}
    assert shelf.send("GET", shelf.url()).body == BODY


@pytest.mark.gap
def test_a_signed_header_must_be_the_one_that_was_signed(shelf: Shelf) -> None:
    put = replace(
        shelf.signing,
        method="PUT",
        path=f"/{shelf.bucket}/made/typed",
        signed_headers=(("content-type", "application/pdf"),),
    ).target()
    assert shelf.send("PUT", put, b"x", Content_Type="text/html").code == "SignatureDoesNotMatch"
    assert shelf.send("PUT", put, b"x", Content_Type="application/pdf").status == 200


@pytest.mark.gap
def test_signature_version_2_is_refused(shelf: Shelf) -> None:
    v2 = shelf.aws.client("s3", config=Config(signature_version="s3"))
    url = v2.generate_presigned_url("get_object", Params={"Bucket": shelf.bucket, "Key": KEY})
    assert "AWSAccessKeyId=" in url
    answer = shelf.send("GET", url.removeprefix(shelf.aws.endpoint))
    assert (answer.status, answer.code) == (400, "InvalidRequest")


@pytest.mark.gap
def test_a_link_of_a_temporary_key_needs_its_own_token(shelf: Shelf) -> None:
    keys = shelf.aws.client("sts").assume_role(
        RoleArn="arn:aws:iam::123456789012:role/signer", RoleSessionName="signer"
    )["Credentials"]
    good = replace(
        shelf.signing,
        key_id=keys["AccessKeyId"],
        secret=keys["SecretAccessKey"],
        token=keys["SessionToken"],
    )
    assert shelf.send("GET", good.target()).body == BODY
    assert shelf.send("GET", replace(good, token=None).target()).code == "InvalidAccessKeyId"
    assert shelf.send("GET", replace(good, token="AAAA").target()).code == "InvalidToken"
    unsigned_token = replace(good, token=None).target() + "&X-Amz-Security-Token=" + good.token
    assert shelf.send("GET", unsigned_token).status == 403


@pytest.mark.gap
def test_a_request_signs_once(shelf: Shelf) -> None:
    answer = shelf.send("GET", shelf.url(), Authorization="AWS4-HMAC-SHA256 Credential=x")
    assert (answer.status, answer.code) == (400, "InvalidArgument")


@pytest.mark.gap
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/{PATH_OF_KEY}"),
        ("HEAD", f"/{PATH_OF_KEY}"),
        ("PUT", "/made/anonymous"),
        ("DELETE", f"/{PATH_OF_KEY}"),
        ("GET", ""),
        ("GET", "?policy"),
        ("PUT", "?policy"),
        ("GET", "?versions"),
        ("POST", "?delete"),
        ("POST", f"/{PATH_OF_KEY}?uploads"),
    ],
)
def test_unsigned_requests_to_a_private_bucket_are_refused(
    shelf: Shelf, method: str, path: str
) -> None:
    answer = shelf.send(method, f"/{shelf.bucket}{path}")
    assert answer.status == 403
    assert answer.code == (None if method == "HEAD" else "AccessDenied")


@pytest.mark.gap
@pytest.mark.parametrize(
    "headers",
    [
        {"X_Amz_Target": "Nothing.Known"},
        {"Authorization": "Bearer token"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request"},
        {"Authorization": "AWS AKIAX:c2ln"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_no_header_leads_around_the_check(shelf: Shelf, headers: dict[str, str]) -> None:
    answer = shelf.send("GET", f"/{shelf.bucket}/{PATH_OF_KEY}", **headers)
    assert answer.status in {400, 403}
    assert BODY not in answer.body


@pytest.mark.gap
@pytest.mark.parametrize(
    "path", ["//{bucket}/{key}", "/{bucket};x/{key}", "/{bucket}%2F{key}", "/{bucket}#/{key}", "x"]
)
def test_no_spelling_of_the_path_leads_around_the_check(shelf: Shelf, path: str) -> None:
    target = path.format(bucket=shelf.bucket, key=PATH_OF_KEY)
    answer = shelf.send("GET", target)
    assert (answer.status, answer.code) == (400, "InvalidURI")


@pytest.mark.gap
def test_header_signatures_are_verified(shelf: Shelf) -> None:
    stranger = shelf.aws.client("s3", config=V4, aws_access_key_id="AKIAAAAAAAAAAAAAAAAA")
    with pytest.raises(stranger.exceptions.ClientError) as unknown:
        stranger.list_buckets()
    assert unknown.value.response["Error"]["Code"] == "InvalidAccessKeyId"
    forger = shelf.aws.client("s3", config=V4, aws_secret_access_key="guessed")
    with pytest.raises(forger.exceptions.ClientError) as wrong:
        forger.get_object(Bucket=shelf.bucket, Key=KEY)
    assert wrong.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


@pytest.mark.gap
def test_a_virtual_hosted_link_opens_its_object(shelf: Shelf) -> None:
    port = urlsplit(shelf.aws.endpoint).port
    host = f"{shelf.bucket}.localhost:{port}"
    signing = replace(shelf.signing, host=host, path=f"/{PATH_OF_KEY}")
    answer = shelf.send("GET", signing.target(), Host=host)
    assert (answer.status, answer.body) == (200, BODY)
    assert shelf.send("GET", signing.target()).status == 403


@pytest.mark.gap
def test_errors_say_which_request_they_answer(shelf: Shelf) -> None:
    answer = shelf.send("GET", f"/{shelf.bucket}/{PATH_OF_KEY}")
    assert f"<RequestId>{answer.headers['x-amz-request-id']}</RequestId>".encode() in answer.body
    assert f"<HostId>{answer.headers['x-amz-id-2']}</HostId>".encode() in answer.body


@pytest.mark.gap
def test_no_random_change_of_a_link_is_accepted(shelf: Shelf) -> None:
    chance = random.Random(20261121)
    good = shelf.url(ResponseContentDisposition='attachment; filename="paper.pdf"')
    accepted = []
    for _ in range(1300):
        changed = _mutated(good, chance)
        if changed != good and shelf.send("GET", changed).status < 400:
            accepted.append(changed)
    assert accepted == []
    assert shelf.send("GET", good).status == 200


def _mutated(target: str, chance: random.Random) -> str:
    letters = string.ascii_letters + string.digits + string.punctuation
    place = chance.randrange(1, len(target))
    pairs = target.partition("?")[2].split("&")
    match chance.randrange(6):
        case 0:
            return target[:place] + chance.choice(letters) + target[place + 1 :]
        case 1:
            return target[:place] + target[place + 1 :]
        case 2:
            return target[:place] + chance.choice(letters) + target[place:]
        case 3:
            return f"{target}&{chance.choice(pairs)}"
        case 4:
            pairs.remove(chance.choice(pairs))
            return f"{target.partition('?')[0]}?{'&'.join(pairs)}"
        case _:
            flipped = target[place].swapcase()
            return target[:place] + flipped + target[place + 1 :]
