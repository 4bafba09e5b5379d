data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  # Bucket names are one world-wide namespace: account and region keep ours free.
  _suffix = "${data.aws_caller_identity.current.account_id}-${data.aws_region.current.name}"
}

module "key" {
  source = "../encryption_key"

  name                 = "${var.prefix}-files"
  description          = "Encrypts the files people share through ${var.prefix}."
  deletion_window_days = var.key_deletion_window_days

  used_through = {
    s3 = { actions = ["kms:Decrypt", "kms:GenerateDataKey"] }
  }
}

resource "aws_s3_bucket" "files" {
  #checkov:skip=CKV_AWS_144: Copies in another region are a decision about where data may live; the owner of the account takes it.
  #checkov:skip=CKV2_AWS_62: Nothing waits for an upload: the client says when it is complete, and the workflow checks it.

  bucket        = "${var.prefix}-files-${local._suffix}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "files" {
  bucket = aws_s3_bucket.files.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# No ACL can hand a file to anyone: policies are the only road.
resource "aws_s3_bucket_ownership_controls" "files" {
  bucket = aws_s3_bucket.files.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# A share names a version: what a recipient gets cannot change after it was shared.
resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "files" {
  bucket = aws_s3_bucket.files.id

  rule {
    # One data key for many objects: fewer calls to KMS, and the key's use is still in CloudTrail.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = module.key.arn
    }
  }
}

resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.id
  policy = data.aws_iam_policy_document.files.json

  # S3 refuses a policy while it changes the public access block of the same bucket.
  depends_on = [aws_s3_bucket_public_access_block.files]
}

resource "aws_s3_bucket_lifecycle_configuration" "files" {
  count = var.lifecycle_rules ? 1 : 0

  bucket = aws_s3_bucket.files.id

  rule {
    id     = "forget-unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "erase-deleted-files"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.deleted_file_retention_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  # Rules on old versions mean nothing before there are versions.
  depends_on = [aws_s3_bucket_versioning.files]
}

# The browser sends files to the bucket and takes them from it without us in between.
resource "aws_s3_bucket_cors_configuration" "files" {
  bucket = aws_s3_bucket.files.id

  cors_rule {
    id              = "web-page"
    allowed_origins = [var.allowed_origin]
    allowed_methods = ["GET", "HEAD", "POST", "PUT"]
    allowed_headers = ["Content-Type", "If-Match", "If-None-Match", "Range", "x-amz-*"]
    expose_headers = [
      "Accept-Ranges",
      "Content-Disposition",
      "Content-Length",
      "Content-Range",
      "ETag",
      "x-amz-checksum-sha256",
      "x-amz-request-id",
      "x-amz-version-id",
    ]
    max_age_seconds = 600
  }
}

# What was really transferred, in S3's own words. By delivery time: a day's partition is complete
# when the day is over, however late the requests in it are.
resource "aws_s3_bucket_logging" "files" {
  bucket        = aws_s3_bucket.files.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = local.access_log_prefix

  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "DeliveryTime"
    }
  }

  # S3 tries its right to deliver when logging is switched on.
  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_account_public_access_block" "account" {
  count = var.block_public_access_for_account ? 1 : 0

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
