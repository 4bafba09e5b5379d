data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

module "key" {
  source = "../encryption_key"

  name                 = "${var.prefix}-notifications"
  description          = "Encrypts the notifications of ${var.prefix} while SNS holds them."
  deletion_window_days = var.key_deletion_window_days

  used_through = {
    sns = { actions = ["kms:Decrypt", "kms:GenerateDataKey"] }
  }
}

# One topic for everybody: each person's subscription filters on the message attribute
# `recipient`, so nobody receives what is meant for another.
resource "aws_sns_topic" "events" {
  name              = "${var.prefix}-events"
  display_name      = "Waybill"
  kms_master_key_id = module.key.arn
  tracing_config    = "Active"
}

resource "aws_sns_topic_policy" "events" {
  arn    = aws_sns_topic.events.arn
  policy = data.aws_iam_policy_document.topic.json
}
