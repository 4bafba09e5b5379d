locals {
  # A role may call the steps its definition names, and no others: the definition is the list.
  called_steps = {
    for workflow in local.workflows : workflow => [
      for key, arn in local.step_arns : arn if strcontains(file("${var.definitions_dir}/${workflow}.asl.json"), "$${${key}_arn}")
    ]
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.workflows

  statement {
    sid     = "ThisStateMachineMayTakeUpThisRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["states.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    # Written out: the role must exist before the state machine that is named here.
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${data.aws_partition.current.partition}:states:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:stateMachine:${local.state_machine_names[each.key]}"]
    }
  }
}

resource "aws_iam_role" "workflow" {
  for_each = local.workflows

  name                 = "${local.state_machine_names[each.key]}-workflow"
  description          = "What the workflow ${each.key} may do, and nothing else."
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
}

# What every workflow needs, whatever it does.
data "aws_iam_policy_document" "runtime" {
  for_each = local.workflows

  dynamic "statement" {
    for_each = length(local.called_steps[each.key]) == 0 ? [] : [local.called_steps[each.key]]

    content {
      sid       = "CallItsOwnSteps"
      actions   = ["lambda:InvokeFunction"]
      resources = statement.value
    }
  }

  statement {
    #checkov:skip=CKV_AWS_111: CloudWatch's delivery actions have no resource to name.
    sid = "DeliverItsLog"
    actions = [
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
    ]
    # CloudWatch's delivery actions have no resource to name: they accept "*" only.
    resources = ["*"]
  }

  statement {
    sid = "SendTraces"
    actions = [
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]
    # X-Ray has no resource to name: these actions accept "*" only.
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "runtime" {
  for_each = local.workflows

  name   = "runtime"
  role   = aws_iam_role.workflow[each.key].id
  policy = data.aws_iam_policy_document.runtime[each.key].json
}

data "aws_iam_policy_document" "rights" {
  for_each = local.workflows

  dynamic "statement" {
    for_each = lookup(local.workflow_rights, each.key, {})

    content {
      sid       = statement.key
      actions   = statement.value.actions
      resources = statement.value.resources

      # A key may be used through one service only, never by calling KMS directly.
      dynamic "condition" {
        for_each = compact([try(statement.value.only_through, "")])

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
  for_each = toset([for workflow in local.workflows : workflow if length(lookup(local.workflow_rights, workflow, {})) > 0])

  name   = "rights"
  role   = aws_iam_role.workflow[each.key].id
  policy = data.aws_iam_policy_document.rights[each.key].json
}
