"""Presigned addresses: Signature Version 4 everywhere, over all that makes them safe."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
from botocore.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import bootstrap
from app.adapters.file_store import S3FileStore
from app.domain.filenames import fault, normalise
from tests.app.conftest import ENVIRONMENT
from tests.app.domain.test_filenames import parsed
from tests.app.samples import ADA, FILE_ID, REQUEST_ID, an_upload

KEY = f"users/{ADA.sub}/{FILE_ID}"
names = st.text(min_size=1, max_size=40).map(normalise).filter(lambda name: fault(name) is None)
with_fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["us-east-1", "eu-west-1"])
def region(request):
    return request.param


@pytest.fixture
def files(services, region, monkeypatch):  # noqa: ARG001  the settings stand in its environment
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    bootstrap._client.cache_clear()
    return bootstrap.services().files


def signing_key(region, date):
    """docs.aws.amazon.com/AmazonS3, "Signature Calculations": written anew, not boto's."""
    key = ("AWS4" + ENVIRONMENT["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (date, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def signature_of(url, region):
    """The signature a GET of this address must carry."""
    parts = urllib.parse.urlsplit(url)
    query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    given = dict(query)
    signed = sorted((name, value) for name, value in query if name != "X-Amz-Signature")
    canonical = "&".join(
        f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}"
        for name, value in signed
    )
    request = f"GET\n{parts.path}\n{canonical}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    stamp = given["X-Amz-Date"]
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"
    return hmac.new(signing_key(region, stamp[:8]), text.encode(), hashlib.sha256).hexdigest()


def link(files, **changes):
    details = {
        "key": KEY,
        "version": "version-1",
        "name": "Q3 board report.pdf",
        "grant_id": REQUEST_ID,
        "lifetime_seconds": 120,
        **changes,
    }
    url = files.sign_download(**details)
    return url, dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def test_a_link_is_signed_with_version_4_in_every_region(files, region):
    url, query = link(files)
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Credential"].split("/")[2:] == [region, "s3", "aws4_request"]
    assert query["X-Amz-SignedHeaders"] == "host"
    assert not {"AWSAccessKeyId", "Signature", "Expires"} & set(query)
    assert query["X-Amz-Signature"] == signature_of(url, region)


def test_a_link_names_the_bucket_in_its_host(files, region):
    parts = urllib.parse.urlsplit(link(files)[0])
    assert parts.scheme == "https"
    assert parts.netloc == f"waybill-files.s3.{region}.amazonaws.com"
    assert parts.path == f"/{KEY}"


def test_a_link_is_one_version_to_save_and_never_to_show(files):
    _, query = link(files)
    assert query["versionId"] == "version-1"
    assert query["response-content-type"] == "application/octet-stream"
    disposition, _, name = parsed(query["response-content-disposition"])
    assert (disposition, name) == ("attachment", "Q3 board report.pdf")
    assert query["X-Amz-Expires"] == "120"


def test_the_grant_is_inside_the_signature(files, region):
    url, query = link(files)
    assert query["x-wb-grant"] == REQUEST_ID
    another = url.replace(REQUEST_ID, REQUEST_ID[::-1])
    assert another != url
    assert signature_of(another, region) != query["X-Amz-Signature"]


@pytest.mark.parametrize(
    "parameter",
    [
        "versionId",
        "response-content-disposition",
        "response-content-type",
        "x-wb-grant",
        "X-Amz-Expires",
        "X-Amz-Credential",
    ],
)
def test_no_parameter_can_be_changed_or_left_out(files, region, parameter):
    url, query = link(files)
    parts = urllib.parse.urlsplit(url)
    left_out = {name: value for name, value in query.items() if name != parameter}
    for tampered in (query | {parameter: query[parameter] + "0"}, left_out):
        forged = parts._replace(query=urllib.parse.urlencode(tampered)).geturl()
        assert signature_of(forged, region) != query["X-Amz-Signature"]


@with_fixtures
@given(names)
def test_whatever_a_file_is_called_its_link_is_sound(files, region, name):
    """A name like `x&x-amz-meta-recipient-id=SPOOFED` must not become a parameter of its own."""
    url, query = link(files, name=name)
    assert query["X-Amz-Signature"] == signature_of(url, region)
    assert parsed(query["response-content-disposition"])[2] == name
    assert query["x-wb-grant"] == REQUEST_ID
    assert urllib.parse.urlsplit(url).path == f"/{KEY}"
    assert len(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)) == len(query)


def test_signing_one_link_leaves_nothing_behind_for_the_next(files):
    link(files, grant_id="first")
    url, query = link(files, grant_id="second")
    assert query["x-wb-grant"] == "second"
    assert "first" not in url


def test_a_name_never_reaches_the_key(files):
    url, _ = link(files, name="passwd")
    assert "passwd" not in urllib.parse.urlsplit(url).path


def form(files, file=None):
    made = files.sign_upload(file or an_upload(), 900)
    policy = json.loads(base64.b64decode(made["fields"]["policy"]))
    return made, policy


def test_a_form_is_signed_with_version_4_in_every_region(files, region):
    made, policy = form(files)
    fields = made["fields"]
    assert fields["x-amz-algorithm"] == "AWS4-HMAC-SHA256"
    key = signing_key(region, fields["x-amz-date"][:8])
    signature = hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()
    assert fields["x-amz-signature"] == signature
    assert made["url"] == f"https://waybill-files.s3.{region}.amazonaws.com/"
    assert policy["expiration"].endswith("Z")


def test_a_form_admits_one_key_one_size_and_one_hash(files):
    _, policy = form(files)
    conditions = policy["conditions"]
    assert {"key": KEY} in conditions
    assert {"bucket": "waybill-files"} in conditions
    assert ["content-length-range", 12345, 12345] in conditions
    checksum = base64.b64encode(bytes.fromhex("ab" * 32)).decode()
    assert {"x-amz-checksum-sha256": checksum} in conditions
    assert {"x-amz-checksum-algorithm": "SHA256"} in conditions
    assert {"Content-Type": "application/octet-stream"} in conditions
    assert not any("starts-with" in one for one in conditions if isinstance(one, list))


def test_every_field_of_a_form_stands_in_its_policy(files):
    made, policy = form(files)
    promised = {
        name.lower() for one in policy["conditions"] if isinstance(one, dict) for name in one
    }
    sent = {name.lower() for name in made["fields"]} - {"policy", "x-amz-signature"}
    assert sent <= promised


def test_a_form_holds_nothing_a_person_wrote(files):
    made, policy = form(files, an_upload(name="secret plan.pdf", media_type="text/html"))
    assert "secret" not in json.dumps([made, policy])
    assert "text/html" not in json.dumps([made, policy])


def test_an_empty_file_has_a_form_as_well(files):
    _, policy = form(files, an_upload(size=0))
    assert ["content-length-range", 0, 0] in policy["conditions"]


# --- against S3 ---

BYTES = b"%PDF the very bytes"


@pytest.fixture(scope="module")
def bucket(aws):
    client = aws.client("s3", config=Config(signature_version="s3v4"))
    name = f"files-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name)
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return client, name


@pytest.fixture
def announced():
    sha256 = hashlib.sha256(BYTES).hexdigest()
    return an_upload(key=f"users/ada/{uuid.uuid4()}", size=len(BYTES), sha256=sha256)


def post(made, content, **changes):
    """POST a form as a browser does; returns the status."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (made["fields"] | changes).items()
    ]
    file = 'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = b"".join([*parts, f"--{boundary}\r\n{file}".encode(), content])
    request = urllib.request.Request(
        made["url"],
        body + f"\r\n--{boundary}--\r\n".encode(),
        {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def stored(bucket, key):
    client, name = bucket
    return client.list_object_versions(Bucket=name, Prefix=key).get("Versions", [])


def test_s3_takes_the_announced_bytes_and_hands_them_out_by_link(bucket, announced):
    client, name = bucket
    store = S3FileStore(client, name)
    assert post(store.sign_upload(announced, 60), BYTES) == 204
    head = client.head_object(Bucket=name, Key=announced.key, ChecksumMode="ENABLED")
    assert base64.b64decode(head["ChecksumSHA256"]).hex() == announced.sha256
    url = store.sign_download(
        key=announced.key,
        version=head["VersionId"],
        name="r\u00e9sum\u00e9 & co.pdf",
        grant_id=REQUEST_ID,
        lifetime_seconds=60,
    )
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == BYTES
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert parsed(answer.headers["Content-Disposition"])[2] == "r\u00e9sum\u00e9 & co.pdf"


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (BYTES + b"!", {}),
        (BYTES[:-1], {}),
        (BYTES[::-1], {}),
        (b"", {}),
        (BYTES, {"key": "users/eve/x"}),
        (BYTES, {"Content-Type": "text/html"}),
        (BYTES, {"acl": "public-read"}),
    ],
    ids=["longer", "shorter", "other bytes", "empty", "other key", "other type", "public"],
)
def test_s3_takes_nothing_else(bucket, announced, content, changes):
    client, name = bucket
    form = S3FileStore(client, name).sign_upload(announced, 60)
    assert 400 <= post(form, content, **changes) < 500
    assert stored(bucket, announced.key) == []
    assert stored(bucket, "users/eve/") == []


def test_a_link_goes_on_giving_its_version_when_another_has_come(bucket, announced):
    client, name = bucket
    first = client.put_object(Bucket=name, Key=announced.key, Body=b"first")["VersionId"]
    client.put_object(Bucket=name, Key=announced.key, Body=b"second")
    url = S3FileStore(client, name).sign_download(
        key=announced.key, version=first, name="a", grant_id="g", lifetime_seconds=60
    )
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"first"
