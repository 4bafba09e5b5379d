# Waybill, once, in the order a request meets it. An environment calls this with its own figures.
#
# Modules hand each other their outputs and never build an ARN of something else. Two of them seem
# to need each other: the workflows name the bucket and the topic in their rights, and the bucket
# and the topic name the workflows' roles in their policies. A role does not need its rights to have
# a name, so there is no circle; `depends_on` between modules would make one.

locals {
  # The figures every decision keeps to, the same for the API that checks and the step that decides.
  limits = {
    audit_retention_days    = var.audit_retention_days
    largest_download_limit  = var.largest_download_limit
    link_lifetime_seconds   = var.link_lifetime_seconds
    longest_share_days      = var.longest_share_days
    upload_lifetime_seconds = var.upload_lifetime_seconds
    upload_limit_bytes      = 5 * 1024 * 1024 * 1024 # what S3 takes in one POST
  }
}

# 1. A person signs in at managed login and comes back with an access token.
module "identity" {
  source = "../modules/identity"

  prefix               = var.prefix
  callback_urls        = var.callback_urls
  logout_urls          = var.logout_urls
  login_domain_prefix  = var.login_domain_prefix
  managed_login_style  = var.managed_login_style
  mfa                  = var.mfa
  self_sign_up         = var.self_sign_up
  sender               = var.mail_sender
  access_token_minutes = var.access_token_minutes
  refresh_token_hours  = var.refresh_token_hours
  deletion_protection  = var.deletion_protection

  # Who has confirmed an account hears of files shared with it.
  topic_arn           = module.notifications.topic.topic_arn
  package             = module.package.package
  welcome_concurrency = lookup(var.function_concurrency, "welcome_person", -1)

  log_retention_days       = var.log_retention_days
  logs_key_arn             = module.logs_key.arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

# 2. Every request comes in here: API Gateway verifies the token, one function checks the request.
module "api" {
  source = "../modules/api"

  prefix                = var.prefix
  gateway_document_file = var.gateway_document_file
  allowed_origin        = var.allowed_origin
  custom_domain         = var.custom_domain
  throttling            = var.throttling
  web_acl_arn           = var.web_acl_arn
  identity              = module.identity.user_pool
  client_ids            = [module.identity.client_id]
  # What it may do: start the workflows, read lists, record what ends before a workflow starts.
  state_machine_arns   = module.workflows.state_machine_arns
  permission_store     = module.permission_store.table
  audit_trail          = module.audit_trail.table
  limits               = local.limits
  package              = module.package.package
  function_concurrency = lookup(var.function_concurrency, "api", -1)

  log_retention_days         = var.log_retention_days
  logs_key_arn               = module.logs_key.arn
  manage_api_gateway_account = var.manage_api_gateway_account
  permissions_boundary_arn   = var.permissions_boundary_arn
}

# 3. Whatever changes something is a workflow: decide, sign, record, answer.
module "workflows" {
  source = "../modules/workflows"

  prefix                = var.prefix
  definitions_dir       = var.definitions_dir
  extra_steps           = var.extra_steps
  extra_workflow_rights = var.extra_workflow_rights
  limits                = local.limits
  web_url               = var.web_url
  package               = module.package.package
  step_concurrency      = var.function_concurrency

  identity         = module.identity.user_pool
  permission_store = module.permission_store.table
  file_store       = module.file_store.bucket
  audit_trail      = module.audit_trail.table
  notifications    = module.notifications.topic

  log_retention_days       = var.log_retention_days
  logs_key_arn             = module.logs_key.arn
  permissions_boundary_arn = var.permissions_boundary_arn
}

# 4. Who may do what with which file.
module "permission_store" {
  source = "../modules/permission_store"

  prefix                   = var.prefix
  deletion_protection      = var.deletion_protection
  key_deletion_window_days = var.key_deletion_window_days
}

# 5. The files themselves. Bytes go between client and bucket, past all of the above.
module "file_store" {
  source = "../modules/file_store"

  prefix                             = var.prefix
  allowed_origin                     = var.allowed_origin
  reader_role_arns                   = module.workflows.reader_role_arns
  break_glass_principal_arns         = var.break_glass_principal_arns
  signature_age_limit_seconds        = var.signature_age_limit_seconds
  upload_signature_age_limit_seconds = var.upload_lifetime_seconds + 60 # a form sent at the last moment
  block_public_access_for_account    = var.block_public_access_for_account
  force_destroy                      = var.destroy_files_with_product
  lifecycle_rules                    = var.lifecycle_rules
  log_retention_days                 = var.audit_retention_days
  key_deletion_window_days           = var.key_deletion_window_days
}

# 6. Who tried what, and what came of it.
module "audit_trail" {
  source = "../modules/audit_trail"

  prefix                   = var.prefix
  deletion_protection      = var.deletion_protection
  key_deletion_window_days = var.key_deletion_window_days
}

# 7. And whom it concerns hears of it.
module "notifications" {
  source = "../modules/notifications"

  prefix                   = var.prefix
  publisher_role_arns      = module.workflows.publisher_role_arns
  key_deletion_window_days = var.key_deletion_window_days
}

# The code of all of it: one zip, one role a function.
module "package" {
  source = "../modules/package"

  prefix          = var.prefix
  lifecycle_rules = var.lifecycle_rules
  file            = var.package_file
  architecture    = var.lambda_architecture
  runtime         = var.lambda_runtime
}
