# One key for every log group of the product: functions, workflows, API.
module "logs_key" {
  source = "../modules/encryption_key"

  name                 = "${var.prefix}-logs"
  description          = "Encrypts the logs of ${var.prefix} in CloudWatch."
  deletion_window_days = var.key_deletion_window_days

  log_groups = [
    "/aws/apigateway/${var.prefix}-*",
    "/aws/lambda/${var.prefix}-*",
    "/aws/vendedlogs/states/${var.prefix}-*",
    # API Gateway chooses this name; the id in it is known only when the API is there.
    "API-Gateway-Execution-Logs_*",
  ]
}
