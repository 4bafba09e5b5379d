data "aws_caller_identity" "current" {}

# One function answers every route. It may start workflows and read lists; what it starts decides.
module "api" {
  source = "../function"

  name             = "${var.prefix}-api"
  description      = "Answers the HTTP API: checks requests, starts workflows, reads lists."
  handler          = "app.app"
  package          = var.package
  environment      = local.environment
  rights           = local.rights
  memory_megabytes = 1024
  timeout_seconds  = 29 # as long as API Gateway waits

  reserved_concurrency     = var.function_concurrency
  log_retention_days       = var.log_retention_days
  logs_key_arn             = var.logs_key_arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

locals {
  stage_name = "v1"

  environment = {
    ALLOWED_ORIGIN         = var.allowed_origin
    AUDIT_RETENTION_DAYS   = var.limits.audit_retention_days
    AUDIT_TABLE            = var.audit_trail.table_name
    CLIENT_IDS             = join(",", var.client_ids)
    LARGEST_DOWNLOAD_LIMIT = var.limits.largest_download_limit
    LONGEST_SHARE_DAYS     = var.limits.longest_share_days
    PERMISSIONS_TABLE      = var.permission_store.table_name
    STATE_MACHINES         = jsonencode(var.state_machine_arns)
    UPLOAD_LIMIT_BYTES     = var.limits.upload_limit_bytes
    USER_POOL_ID           = var.identity.user_pool_id
  }

  # Routes, authorizer, request validators, preflights and gateway responses all come from the
  # document that `make package` writes from the operation registry.
  document = templatefile(var.gateway_document_file, {
    allowed_origin = var.allowed_origin
    api_invoke_arn = module.api.invoke_arn
    user_pool_arn  = var.identity.user_pool_arn
  })
}

resource "aws_api_gateway_rest_api" "waybill" {
  name                         = var.prefix
  description                  = "Waybill ${var.prefix}"
  body                         = local.document
  fail_on_warnings             = true
  disable_execute_api_endpoint = local.has_domain

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_deployment" "waybill" {
  rest_api_id = aws_api_gateway_rest_api.waybill.id

  # A deployment is a copy: without this a changed document would never be served.
  triggers = {
    document = sha256(local.document)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "v1" {
  #checkov:skip=CKV_AWS_120: Answers are per person and per moment; a cache would hand out somebody else's.
  #checkov:skip=CKV2_AWS_29: The web ACL is given by its ARN (web_acl_arn); it belongs to the account's owner.
  #checkov:skip=CKV2_AWS_77: The rules of that web ACL are its owner's, too.
  #checkov:skip=CKV2_AWS_51: Callers are people with access tokens, not machines with certificates.

  rest_api_id          = aws_api_gateway_rest_api.waybill.id
  deployment_id        = aws_api_gateway_deployment.waybill.id
  stage_name           = local.stage_name
  xray_tracing_enabled = true

  # Neither token, query nor body: whoever reads the log learns what happened, and can repeat none
  # of it.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      requestId          = "$context.requestId"
      requestTime        = "$context.requestTimeEpoch"
      ip                 = "$context.identity.sourceIp"
      userAgent          = "$context.identity.userAgent"
      httpMethod         = "$context.httpMethod"
      resourcePath       = "$context.resourcePath"
      status             = "$context.status"
      responseLength     = "$context.responseLength"
      responseLatency    = "$context.responseLatency"
      integrationLatency = "$context.integrationLatency"
      errorResponseType  = "$context.error.responseType"
      sub                = "$context.authorizer.claims.sub"
      traceId            = "$context.xrayTraceId"
    })
  }

  depends_on = [aws_api_gateway_account.region, aws_cloudwatch_log_group.execution]
}

resource "aws_api_gateway_method_settings" "all" {
  #checkov:skip=CKV_AWS_225: Answers are per person and per moment; a cache would hand out somebody else's.
  #checkov:skip=CKV_AWS_308: There is no cache to encrypt.

  rest_api_id = aws_api_gateway_rest_api.waybill.id
  stage_name  = aws_api_gateway_stage.v1.stage_name
  method_path = "*/*"

  settings {
    metrics_enabled        = true
    logging_level          = "ERROR"
    data_trace_enabled     = false # it would write tokens and bodies into the log
    throttling_rate_limit  = var.throttling.requests_per_second
    throttling_burst_limit = var.throttling.burst_requests
  }
}

resource "aws_lambda_permission" "api" {
  statement_id   = "ThisStageCallsTheApiFunction"
  action         = "lambda:InvokeFunction"
  function_name  = module.api.name
  principal      = "apigateway.amazonaws.com"
  source_arn     = "${aws_api_gateway_rest_api.waybill.execution_arn}/${local.stage_name}/*/*"
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_wafv2_web_acl_association" "v1" {
  count = var.web_acl_arn == "" ? 0 : 1

  resource_arn = aws_api_gateway_stage.v1.arn
  web_acl_arn  = var.web_acl_arn
}
