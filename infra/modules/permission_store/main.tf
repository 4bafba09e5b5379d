module "key" {
  source = "../encryption_key"

  name                 = "${var.prefix}-permissions"
  description          = "Encrypts files, shares and policies of ${var.prefix} in DynamoDB."
  deletion_window_days = var.key_deletion_window_days

  used_through = {
    dynamodb = {
      actions  = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      by_grant = true
    }
  }
}

# One table, because a grant is one transaction over user, share, file and audit record.
resource "aws_dynamodb_table" "permissions" {
  name                        = "${var.prefix}-permissions"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  deletion_protection_enabled = var.deletion_protection

  attribute {
    name = "pk"
    type = "S"
  }

  attribute {
    name = "sk"
    type = "S"
  }

  attribute {
    name = "owner"
    type = "S"
  }

  attribute {
    name = "recipient"
    type = "S"
  }

  attribute {
    name = "created_at"
    type = "S"
  }

  # The indexes serve lists only: they lag behind the table, so no decision reads them.
  global_secondary_index {
    name            = "by_owner"
    hash_key        = "owner"
    range_key       = "created_at"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "by_recipient"
    hash_key        = "recipient"
    range_key       = "created_at"
    projection_type = "ALL"
  }

  # Tidies up only. It may come days late, so every condition compares the expiry itself.
  ttl {
    attribute_name = "purge_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = module.key.arn
  }
}
