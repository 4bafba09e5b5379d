# Lambda sends no source ARN or account when it takes up an execution role, so a condition on one
# would lock the function out of its own role.
data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "LambdaMayTakeUpThisRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "What ${var.name} may do, and nothing else."
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
}

# What every function needs, whatever it does.
data "aws_iam_policy_document" "runtime" {
  statement {
    sid       = "WriteItsOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  statement {
    sid     = "SendTraces"
    actions = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    # X-Ray has no resource to name: both actions accept "*" only.
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "runtime" {
  name   = "runtime"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.runtime.json
}

data "aws_iam_policy_document" "rights" {
  dynamic "statement" {
    for_each = var.rights

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      # A key may be used through one service only, never by calling KMS directly.
      dynamic "condition" {
        for_each = statement.value.only_through == null ? [] : [statement.value.only_through]

        content {
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "rights" {
  count = length(var.rights) == 0 ? 0 : 1

  name   = "rights"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.rights.json
}
