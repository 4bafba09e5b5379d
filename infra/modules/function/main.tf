# Named and kept by us: a group that Lambda makes by itself is unencrypted and keeps its lines for
# ever.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key_arn
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_116: Always called synchronously, so the caller sees the failure; a dead letter queue would stay empty.
  #checkov:skip=CKV_AWS_117: Speaks to AWS services only; a VPC would add endpoints and take nothing away.
  #checkov:skip=CKV_AWS_173: The environment holds names and limits, no secret; Lambda's own key encrypts it.
  #checkov:skip=CKV_AWS_272: The package is pinned by its hash in the plan; signing profiles belong to the account's owner.

  function_name                  = var.name
  description                    = var.description
  role                           = aws_iam_role.this.arn
  handler                        = var.handler
  s3_bucket                      = var.package.bucket
  s3_key                         = var.package.key
  s3_object_version              = var.package.version
  source_code_hash               = var.package.sha256
  runtime                        = var.package.runtime
  architectures                  = [var.package.architecture]
  memory_size                    = var.memory_megabytes
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = var.environment
  }

  # INFO, not DEBUG: the SDK's debug lines hold signed requests.
  logging_config {
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
    log_group             = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = "Active"
  }

  # The first call would otherwise run with a role that may not write its log yet.
  depends_on = [aws_iam_role_policy.runtime]
}
