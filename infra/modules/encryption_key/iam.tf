data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109: A key policy speaks about its own key only, and IAM must allow the caller as well.
  #checkov:skip=CKV_AWS_111: A key policy speaks about its own key only, and IAM must allow the caller as well.
  #checkov:skip=CKV_AWS_356: In a key policy "*" means the key the policy is attached to; it cannot name another.

  # The root principal stands for "whoever IAM of this account allows". The list holds no
  # cryptographic action: an administrator can delete a key, and cannot read with it.
  statement {
    sid = "AccountAdministersThisKey"
    actions = [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListGrants",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RevokeGrant",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    # "*" is this key: a key policy cannot name another.
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [local._account_root]
    }
  }

  # kms:ViaService: an allowed role uses the key through the named service only. Ciphertext copied
  # elsewhere stays closed even to that role.
  dynamic "statement" {
    for_each = var.used_through

    content {
      sid     = "UseThrough${title(statement.key)}"
      actions = statement.value.actions
      # "*" is this key: a key policy cannot name another.
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [local._account_root]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["${statement.key}.${data.aws_region.current.name}.amazonaws.com"]
      }
    }
  }

  # DynamoDB keeps a grant on the key of each table, to restore and to expire items while nobody
  # is asking. Only a grant for an AWS service can be made this way.
  dynamic "statement" {
    for_each = { for service, use in var.used_through : service => use if use.by_grant }

    content {
      sid     = "LetKeepAGrant${title(statement.key)}"
      actions = ["kms:CreateGrant"]
      # "*" is this key: a key policy cannot name another.
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = [local._account_root]
      }

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["${statement.key}.${data.aws_region.current.name}.amazonaws.com"]
      }

      condition {
        test     = "Bool"
        variable = "kms:GrantIsForAWSResource"
        values   = ["true"]
      }
    }
  }

  # CloudWatch Logs calls as itself; its encryption context names the log group.
  dynamic "statement" {
    for_each = length(var.log_groups) == 0 ? [] : [var.log_groups]

    content {
      sid     = "CloudWatchLogsEncryptsOurLogGroups"
      actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      # "*" is this key: a key policy cannot name another.
      resources = ["*"]

      principals {
        type        = "Service"
        identifiers = ["logs.${data.aws_region.current.name}.amazonaws.com"]
      }

      condition {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:logs:arn"
        values   = [for name in statement.value : "${local._log_group}:${name}"]
      }
    }
  }
}
