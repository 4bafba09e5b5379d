data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

# Through a bucket, not with each function: the provider sends zips one function after the other,
# and the same one eight times.
resource "aws_s3_bucket" "packages" {
  #checkov:skip=CKV_AWS_18: Holds our own code, written by deployments only; CloudTrail has those.
  #checkov:skip=CKV_AWS_144: Another region deploys its own package.
  #checkov:skip=CKV_AWS_145: Our own code is no secret; SSE-S3 spares every deployer a key.
  #checkov:skip=CKV2_AWS_62: Nothing waits for a package: the deployment that brings it goes on by itself.

  bucket        = "${var.prefix}-packages-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.name}"
  force_destroy = true # whatever is in here can be built again
}

resource "aws_s3_bucket_public_access_block" "packages" {
  bucket = aws_s3_bucket.packages.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "packages" {
  bucket = aws_s3_bucket.packages.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "packages" {
  bucket = aws_s3_bucket.packages.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "packages" {
  bucket = aws_s3_bucket.packages.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "packages" {
  bucket = aws_s3_bucket.packages.id
  policy = data.aws_iam_policy_document.packages.json

  # S3 refuses a policy while it changes the public access block of the same bucket.
  depends_on = [aws_s3_bucket_public_access_block.packages]
}

resource "aws_s3_bucket_lifecycle_configuration" "packages" {
  count = var.lifecycle_rules ? 1 : 0

  bucket = aws_s3_bucket.packages.id

  rule {
    id     = "forget-old-packages"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }

    # Lambda keeps a copy of what it runs; these are for going back by hand.
    noncurrent_version_expiration {
      noncurrent_days = 90
    }
  }

  # Rules on old versions mean nothing before there are versions.
  depends_on = [aws_s3_bucket_versioning.packages]
}

resource "aws_s3_object" "package" {
  bucket      = aws_s3_bucket.packages.id
  key         = "lambda.zip"
  source      = var.file
  source_hash = filebase64sha256(var.file)

  # A package from before there were versions would have none to name.
  depends_on = [aws_s3_bucket_versioning.packages, aws_s3_bucket_server_side_encryption_configuration.packages]
}
