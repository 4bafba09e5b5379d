"""What a request asks of S3: the IAM action a policy speaks of, the operation a log record names.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.s3.request import S3Request

# Subresource -> (noun of the IAM action, noun of the log's operation).
_BUCKET_SETTINGS = {
    "accelerate": ("AccelerateConfiguration", "ACCELERATE"),
    "acl": ("BucketAcl", "ACL"),
    "analytics": ("AnalyticsConfiguration", "ANALYTICS"),
    "cors": ("BucketCORS", "CORS"),
    "encryption": ("EncryptionConfiguration", "ENCRYPTION"),
    "intelligent-tiering": ("IntelligentTieringConfiguration", "INTELLIGENT_TIERING"),
    "inventory": ("InventoryConfiguration", "INVENTORY"),
    "lifecycle": ("LifecycleConfiguration", "LIFECYCLE"),
    "location": ("BucketLocation", "LOCATION"),
    "logging": ("BucketLogging", "LOGGING_STATUS"),
    "metrics": ("MetricsConfiguration", "METRICS"),
    "notification": ("BucketNotification", "NOTIFICATION"),
    "object-lock": ("BucketObjectLockConfiguration", "OBJECT_LOCK_CONFIGURATION"),
    "ownershipControls": ("BucketOwnershipControls", "OWNERSHIP_CONTROLS"),
    "policyStatus": ("BucketPolicyStatus", "BUCKETPOLICYSTATUS"),
    "policy": ("BucketPolicy", "BUCKETPOLICY"),
    "publicAccessBlock": ("BucketPublicAccessBlock", "PUBLIC_ACCESS_BLOCK"),
    "replication": ("ReplicationConfiguration", "REPLICATION"),
    "requestPayment": ("BucketRequestPayment", "REQUEST_PAYMENT"),
    "tagging": ("BucketTagging", "TAGGING"),
    "versioning": ("BucketVersioning", "VERSIONING"),
    "website": ("BucketWebsite", "WEBSITE"),
}
_OBJECT_SETTINGS = {
    "acl": ("ObjectAcl", "ACL"),
    "attributes": ("ObjectAttributes", "OBJECT_ATTRIBUTES"),
    "legal-hold": ("ObjectLegalHold", "LEGAL_HOLD"),
    "retention": ("ObjectRetention", "RETENTION"),
    "tagging": ("ObjectTagging", "OBJECT_TAGGING"),
}
# These settings' deletion is the permission to put them; only the others have one of their own.
_DELETABLE = frozenset({"policy", "website", "ownershipControls"})
_VERB = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "POST": "Put", "DELETE": "Delete"}


@dataclass(frozen=True)
class Operation:
    """`action` as in s3:GetObject, `logged` as in REST.GET.OBJECT."""

    action: str
    logged: str
    writes_object: bool = False


def operation_of(request: S3Request, *, post_form: bool = False) -> Operation:
    """Name what this request does."""
    method = request.method
    if method == "OPTIONS":
        return Operation("s3:ListBucket", "REST.OPTIONS.PREFLIGHT")
    if post_form:
        return Operation("s3:PutObject", "REST.POST.OBJECT", writes_object=True)
    if not request.bucket:
        return Operation("s3:ListAllMyBuckets", "REST.GET.SERVICE")
    return _object_operation(request) if request.key else _bucket_operation(request)


def _bucket_operation(request: S3Request) -> Operation:
    method, query = request.method, request.query
    if "delete" in query and method == "POST":
        return Operation("s3:DeleteObject", "REST.POST.MULTI_OBJECT_DELETE")
    if "uploads" in query:
        return Operation("s3:ListBucketMultipartUploads", "REST.GET.UPLOADS")
    if "versions" in query:
        return Operation("s3:ListBucketVersions", "REST.GET.BUCKETVERSIONS")
    for name, (noun, logged) in _BUCKET_SETTINGS.items():
        if name in query:
            deletes = method == "DELETE" and name in _DELETABLE
            verb = "Put" if method == "DELETE" and not deletes else _VERB.get(method, "Get")
            return Operation(f"s3:{verb}{noun}", f"REST.{method}.{logged}")
    action = {"PUT": "CreateBucket", "DELETE": "DeleteBucket"}.get(method, "ListBucket")
    return Operation(f"s3:{action}", f"REST.{method}.BUCKET")


def _object_operation(request: S3Request) -> Operation:
    method, query = request.method, request.query
    if "uploadId" in query:
        return _multipart_operation(request)
    if "uploads" in query:
        return Operation("s3:PutObject", "REST.POST.UPLOADS")
    version = "Version" if query.get("versionId") else ""
    for name, (noun, logged) in _OBJECT_SETTINGS.items():
        if name in query:
            versioned = noun.replace("Object", f"Object{version}", 1)
            action = f"s3:{_VERB.get(method, 'Get')}{versioned}"
            return Operation(action, f"REST.{method}.{logged}")
    if method == "PUT":
        copies = request.header("x-amz-copy-source") is not None
        logged = "REST.COPY.OBJECT" if copies else "REST.PUT.OBJECT"
        return Operation("s3:PutObject", logged, writes_object=True)
    verb = "Delete" if method == "DELETE" else "Get"
    return Operation(f"s3:{verb}Object{version}", f"REST.{method}.OBJECT")


def _multipart_operation(request: S3Request) -> Operation:
    if request.method == "PUT":
        copies = request.header("x-amz-copy-source") is not None
        return Operation("s3:PutObject", "REST.COPY.PART" if copies else "REST.PUT.PART")
    if request.method == "POST":
        return Operation("s3:PutObject", "REST.POST.UPLOAD", writes_object=True)
    if request.method == "DELETE":
        return Operation("s3:AbortMultipartUpload", "REST.DELETE.UPLOAD")
    return Operation("s3:ListMultipartUploadParts", "REST.GET.UPLOAD")
