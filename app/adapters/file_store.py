"""Presigned S3 addresses: Signature Version 4, one object, one version, short."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from app.domain.filenames import content_disposition

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from mypy_boto3_s3 import S3Client

    from app.domain.files import File

# Served as bytes to save, whatever the file is: a page in a shared HTML file must never run.
SAFE_TYPE = "application/octet-stream"


class S3FileStore:
    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def sign_upload(self, file: File, lifetime_seconds: int) -> dict[str, Any]:
        """A POST policy that admits exactly the announced bytes.

        docs.aws.amazon.com/AmazonS3, "POST Policy": every field the form sends is in it.
        """
        fields = {
            "Content-Type": SAFE_TYPE,
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(file.sha256)).decode(),
        }
        exact_size = ["content-length-range", file.size, file.size]
        conditions: list[Any] = [{name: value} for name, value in fields.items()]
        return self._client.generate_presigned_post(
            self._bucket,
            file.key,
            Fields=fields,
            Conditions=[*conditions, exact_size],
            ExpiresIn=lifetime_seconds,
        )

    def sign_download(
        self, *, key: str, version: str, name: str, grant_id: str, lifetime_seconds: int
    ) -> str:
        """A GET of one version of one object. `x-wb-grant` is inside the signature.

        S3 ignores parameters that start with `x-` and writes them to its access log
        (docs.aws.amazon.com/AmazonS3, "Adding custom information to access logs"): the log names
        the grant, never a person or a file.
        """

        def name_the_grant(request: AWSRequest, **_: Any) -> None:
            request.url = f"{request.url}&x-wb-grant={quote(grant_id, safe='')}"

        events = self._client.meta.events
        events.register_first("before-sign.s3.GetObject", name_the_grant)
        try:
            return self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "VersionId": version,
                    "ResponseContentDisposition": content_disposition(name),
                    "ResponseContentType": SAFE_TYPE,
                },
                ExpiresIn=lifetime_seconds,
            )
        finally:
            events.unregister("before-sign.s3.GetObject", name_the_grant)
