# Its own key: who may read permissions learns nothing of who took what.
module "key" {
  source = "../encryption_key"

  name                 = "${var.prefix}-audit"
  description          = "Encrypts the audit records of ${var.prefix} in DynamoDB."
  deletion_window_days = var.key_deletion_window_days

  used_through = {
    dynamodb = {
      actions  = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      by_grant = true
    }
  }
}

# The attempt's id is the whole key: a second record for the same attempt is a conditional failure,
# whichever road wrote the first.
resource "aws_dynamodb_table" "audit" {
  name                        = "${var.prefix}-audit"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.deletion_protection

  # For the archive: every record as it was written, and any change to one.
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"

  attribute {
    name = "id"
    type = "S"
  }

  attribute {
    name = "time"
    type = "S"
  }

  attribute {
    name = "file_id"
    type = "S"
  }

  attribute {
    name = "actor"
    type = "S"
  }

  attribute {
    name = "day"
    type = "S"
  }

  # One index a question: what happened to a file, what did a person do, what happened on a day.
  global_secondary_index {
    name            = "by_file"
    hash_key        = "file_id"
    range_key       = "time"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "by_actor"
    hash_key        = "actor"
    range_key       = "time"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "by_day"
    hash_key        = "day"
    range_key       = "time"
    projection_type = "ALL"
  }

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
