data "aws_region" "current" {}

# What the API may do. It reads no file and writes no permission: a mistake in a route cannot hand
# anything out.
locals {
  rights = {
    StartWorkflows = {
      actions   = ["states:StartSyncExecution"]
      resources = values(var.state_machine_arns)
    }
    ReadPermissions = {
      actions   = ["dynamodb:GetItem", "dynamodb:Query"]
      resources = [var.permission_store.table_arn, var.permission_store.index_arns]
    }
    DecryptPermissions = {
      actions      = ["kms:Decrypt"]
      resources    = [var.permission_store.key_arn]
      only_through = local._dynamodb
    }
    # For requests that end before a workflow starts.
    RecordTheAttempt = {
      actions   = ["dynamodb:PutItem"]
      resources = [var.audit_trail.table_arn]
    }
    DecryptAudit = {
      actions      = ["kms:Decrypt"]
      resources    = [var.audit_trail.key_arn]
      only_through = local._dynamodb
    }
    LookUpThePerson = {
      actions   = ["cognito-idp:AdminGetUser"]
      resources = [var.identity.user_pool_arn]
    }
  }

  _dynamodb = "dynamodb.${data.aws_region.current.name}.amazonaws.com"
}

# API Gateway sends no source ARN or account when it takes up the role that writes its logs, so a
# condition on one would silence every API of the region.
data "aws_iam_policy_document" "gateway_trust" {
  statement {
    sid     = "ApiGatewayMayTakeUpThisRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["apigateway.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "gateway_logs" {
  #checkov:skip=CKV_AWS_111: The role serves every API of the region, and API Gateway refuses a narrower one.
  #checkov:skip=CKV_AWS_356: The role serves every API of the region, and API Gateway refuses a narrower one.
  statement {
    sid = "WriteTheLogsOfEveryApi"
    actions = [
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:FilterLogEvents",
      "logs:GetLogEvents",
      "logs:PutLogEvents",
    ]
    # The role serves every API of the region, and API Gateway refuses one that may do less.
    resources = ["*"]
  }
}

resource "aws_iam_role" "gateway_logs" {
  count = var.manage_api_gateway_account ? 1 : 0

  name                 = "${var.prefix}-gateway-logs"
  description          = "Lets API Gateway write access and execution logs in this region."
  assume_role_policy   = data.aws_iam_policy_document.gateway_trust.json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "gateway_logs" {
  count = var.manage_api_gateway_account ? 1 : 0

  name   = "write-logs"
  role   = aws_iam_role.gateway_logs[0].id
  policy = data.aws_iam_policy_document.gateway_logs.json
}
