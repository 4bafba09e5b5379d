resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.prefix}-access"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key_arn
}

# API Gateway writes errors here, under a name it gives itself. Made first, so that it is encrypted
# and does not keep its lines for ever.
resource "aws_cloudwatch_log_group" "execution" {
  name              = "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.waybill.id}/${local.stage_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.logs_key_arn
}

# One setting a region, for every API of the account: made here only where nobody else made it.
resource "aws_api_gateway_account" "region" {
  count = var.manage_api_gateway_account ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.gateway_logs[0].arn

  # API Gateway tries the role before it accepts it.
  depends_on = [aws_iam_role_policy.gateway_logs]
}
