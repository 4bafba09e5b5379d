# The policy of the files bucket. Each Deny holds whatever a role is allowed elsewhere: a mistake in one role
# does not open the bucket.

data "aws_iam_policy_document" "files" {
  statement {
    sid       = "NobodyComesOverPlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = local._files_and_bucket

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "NobodyComesOverOldTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = local._files_and_bucket

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericLessThan"
      variable = "s3:TlsVersion"
      values   = ["1.2"]
    }
  }

  # SigV2 leaves parameters unsigned and reports an age of zero, so the caps below never fire on it.
  statement {
    sid       = "NobodyUsesAnotherSignatureThanVersionFour"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:signatureversion"
      values   = ["AWS4-HMAC-SHA256"]
    }
  }

  # A download link dies here at the latest, whatever lifetime its signer wrote into it.
  statement {
    sid       = "NoDownloadLinkOutlivesItsCap"
    effect    = "Deny"
    actions   = ["s3:GetObject*"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericGreaterThan"
      variable = "s3:signatureAge" # milliseconds
      values   = [var.signature_age_limit_seconds * 1000]
    }
  }

  statement {
    sid       = "NoUploadFormOutlivesItsCap"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "NumericGreaterThan"
      variable = "s3:signatureAge" # milliseconds
      values   = [var.upload_signature_age_limit_seconds * 1000]
    }
  }

  # Only a POST form binds size, key, type and checksum; a presigned PUT binds none of them.
  statement {
    sid       = "NobodyUploadsExceptByForm"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:authType"
      values   = ["POST"]
    }
  }

  # A form without encryption fields gets our key from the bucket; one that names a key names ours.
  statement {
    sid       = "NobodyEncryptsWithAnotherKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = ["false"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [module.key.arn]
    }
  }

  statement {
    sid       = "NobodyEncryptsWithoutKms"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["false"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }

  # Administrators included, unless they are named: a file is read by a link that was recorded.
  statement {
    sid       = "NobodyReadsExceptTheSigner"
    effect    = "Deny"
    actions   = ["s3:GetObject*"]
    resources = ["${aws_s3_bucket.files.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnNotEquals"
      variable = "aws:PrincipalArn"
      values   = concat(var.reader_role_arns, var.break_glass_principal_arns)
    }
  }
}

locals {
  _files_and_bucket = [aws_s3_bucket.files.arn, "${aws_s3_bucket.files.arn}/*"]
}
