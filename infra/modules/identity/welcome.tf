# What happens when a person has confirmed the account: a subscription of their own, so that they
# hear of files shared with them.

module "welcome_person" {
  source = "../function"

  name        = "${var.prefix}-welcome-person"
  description = "Subscribes a person who has just confirmed the account to their own notifications."
  handler     = "app.triggers.confirm_account.welcome_person"
  package     = var.package

  environment = {
    TOPIC_ARN = var.topic_arn
  }

  rights = {
    SubscribePeopleToTheirNotifications = {
      actions   = ["sns:Subscribe"]
      resources = [var.topic_arn]
    }
  }

  # Cognito waits five seconds for a trigger, and then fails the confirmation.
  timeout_seconds          = 5
  reserved_concurrency     = var.welcome_concurrency
  log_retention_days       = var.log_retention_days
  logs_key_arn             = var.logs_key_arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

resource "aws_lambda_permission" "welcome_person" {
  statement_id   = "ThisUserPoolCallsItsTrigger"
  action         = "lambda:InvokeFunction"
  function_name  = module.welcome_person.name
  principal      = "cognito-idp.amazonaws.com"
  source_arn     = aws_cognito_user_pool.people.arn
  source_account = data.aws_caller_identity.current.account_id
}
