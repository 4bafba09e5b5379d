data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # A workflow is a file: its name without the ending.
  workflows = toset([for file in fileset(var.definitions_dir, "*.asl.json") : trimsuffix(file, ".asl.json")])

  # The name AWS shows: dashes, and the product's prefix.
  state_machine_names = { for workflow in local.workflows : workflow => "${var.prefix}-${replace(workflow, "_", "-")}" }

  step_arns = merge({ for key, step in module.step : key => step.arn }, var.extra_steps)

  placeholders = merge(
    { for key, arn in local.step_arns : "${key}_arn" => arn },
    {
      audit_table       = var.audit_trail.table_name
      files_bucket      = var.file_store.bucket_name
      permissions_table = var.permission_store.table_name
      topic_arn         = var.notifications.topic_arn
      user_pool_id      = var.identity.user_pool_id
    },
  )
}

resource "aws_sfn_state_machine" "workflow" {
  #checkov:skip=CKV_AWS_285: State data holds signed links and addresses; failures are logged without it, and every attempt is in the audit table.
  for_each = local.workflows

  name       = local.state_machine_names[each.key]
  type       = "EXPRESS"
  role_arn   = aws_iam_role.workflow[each.key].arn
  definition = templatefile("${var.definitions_dir}/${each.key}.asl.json", local.placeholders)

  logging_configuration {
    level                  = "ERROR"
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.workflow[each.key].arn}:*"
  }

  tracing_configuration {
    enabled = true
  }

  lifecycle {
    precondition {
      condition     = contains(keys(local.workflow_rights), each.key)
      error_message = "The workflow ${each.key} has no entry in workflow_rights (iam_workflows.tf, or extra_workflow_rights): say what it may do."
    }
  }

  # Step Functions tries its right to log when the state machine is made.
  depends_on = [aws_iam_role_policy.runtime, aws_iam_role_policy.rights]
}

# The prefix /aws/vendedlogs/ keeps deliveries out of the resource policy, whose size is limited.
resource "aws_cloudwatch_log_group" "workflow" {
  for_each = local.workflows

  name              = "/aws/vendedlogs/states/${local.state_machine_names[each.key]}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key_arn
}
