# The bucket for S3's access logs. It does not log itself: each delivery would make another.

locals {
  access_log_prefix = "access/"
}

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_18: A log bucket that logs itself never comes to rest.
  #checkov:skip=CKV_AWS_144: Copies in another region are a decision about where data may live; the owner of the account takes it.
  #checkov:skip=CKV_AWS_145: S3 delivers access logs only to buckets encrypted with SSE-S3.
  #checkov:skip=CKV2_AWS_62: The logs are read by schedule, not by event.

  bucket        = "${var.prefix}-logs-${local._suffix}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json

  # S3 refuses a policy while it changes the public access block of the same bucket.
  depends_on = [aws_s3_bucket_public_access_block.logs]
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count = var.lifecycle_rules ? 1 : 0

  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire-logs"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # Rules on old versions mean nothing before there are versions.
  depends_on = [aws_s3_bucket_versioning.logs]
}
