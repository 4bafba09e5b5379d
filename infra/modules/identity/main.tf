data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

resource "aws_cognito_user_pool" "people" {
  name                = var.prefix
  user_pool_tier      = "ESSENTIALS" # the lowest with managed login
  deletion_protection = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = var.mfa

  # People sign in with their address, in any case they type it; who they are is `sub`.
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  # The old address stays in force until the new one is proven: otherwise a person could type in
  # somebody else's address and open what was shared with it.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up
  }

  password_policy {
    minimum_length                   = var.password_minimum_length
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = true
    require_uppercase                = true
    temporary_password_validity_days = 1
  }

  verification_message_template {
    default_email_option = "CONFIRM_WITH_CODE"
    email_subject        = "Your Waybill code"
    email_message        = "Your code is {####}. Nobody of ours will ever ask you for it."
  }

  # TOTP only: a text message is no proof of a person.
  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [true]

    content {
      enabled = true
    }
  }

  dynamic "email_configuration" {
    for_each = var.sender.source_arn == "" ? [] : [var.sender]

    content {
      email_sending_account = "DEVELOPER"
      source_arn            = email_configuration.value.source_arn
      from_email_address    = email_configuration.value.from
    }
  }

  lambda_config {
    post_confirmation = module.welcome_person.arn
  }
}

resource "aws_cognito_user_pool_domain" "login" {
  domain                = var.login_domain_prefix == "" ? "${var.prefix}-${data.aws_caller_identity.current.account_id}" : var.login_domain_prefix
  user_pool_id          = aws_cognito_user_pool.people.id
  managed_login_version = 2
}

# Managed login shows no page until a style is attached to the client, and the provider has no
# resource for it; CloudFormation has.
resource "aws_cloudformation_stack" "login_style" {
  #checkov:skip=CKV_AWS_124: One style that changes with the product; its deployment reports the result.
  count = var.managed_login_style ? 1 : 0

  name = "${var.prefix}-login-style"
  template_body = jsonencode({
    Resources = {
      Style = {
        Type = "AWS::Cognito::ManagedLoginBranding"
        Properties = {
          UserPoolId               = aws_cognito_user_pool.people.id
          ClientId                 = aws_cognito_user_pool_client.web.id
          UseCognitoProvidedValues = true
        }
      }
    }
  })
}

resource "aws_cognito_resource_server" "waybill" {
  identifier   = "waybill"
  name         = "Waybill"
  user_pool_id = aws_cognito_user_pool.people.id

  # A scope says what a token is for, never who somebody is: the admin routes ask for the group too.
  dynamic "scope" {
    for_each = local.scopes

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

locals {
  scopes = {
    admin = "Administer people, policies and the audit trail."
    files = "Send, share and receive files."
  }
}

# A page in a browser and a command line keep no secret, so there is none: the code grant with PKCE
# proves that who asked is who receives.
resource "aws_cognito_user_pool_client" "web" {
  name            = "${var.prefix}-web"
  user_pool_id    = aws_cognito_user_pool.people.id
  generate_secret = false

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = concat(["email", "openid", "profile"], aws_cognito_resource_server.waybill.scope_identifiers)
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = var.callback_urls
  logout_urls                          = var.logout_urls

  # No password reaches the user pool except through managed login.
  explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]

  access_token_validity  = var.access_token_minutes
  id_token_validity      = var.access_token_minutes
  refresh_token_validity = var.refresh_token_hours
  auth_session_validity  = 3 # minutes for one sign-in

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "hours"
  }

  enable_token_revocation                       = true
  enable_propagate_additional_user_context_data = false

  # The same answer for a wrong password and for an address nobody has.
  prevent_user_existence_errors = "ENABLED"

  read_attributes  = ["email", "email_verified", "name"]
  write_attributes = ["email", "name"]
}

resource "aws_cognito_user_group" "admins" {
  name         = "admins"
  description  = "May administer people, policies and the audit trail."
  precedence   = 1
  user_pool_id = aws_cognito_user_pool.people.id
}
