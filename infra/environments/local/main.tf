# Waybill on the embedded AWS: the same platform as everywhere, other figures.

data "aws_region" "current" {}

module "waybill" {
  source = "../../platform"

  prefix                = var.prefix
  package_file          = var.package_file
  definitions_dir       = var.definitions_dir
  gateway_document_file = var.gateway_document_file

  web_url        = var.web_url
  allowed_origin = var.allowed_origin
  callback_urls  = var.callback_urls
  logout_urls    = var.logout_urls

  link_lifetime_seconds       = var.link_lifetime_seconds
  signature_age_limit_seconds = var.signature_age_limit_seconds
  audit_retention_days        = var.audit_retention_days
  log_retention_days          = var.log_retention_days

  # Everything here may be thrown away, and is, with the process.
  deletion_protection        = var.deletion_protection
  destroy_files_with_product = true
  key_deletion_window_days   = 7
  lifecycle_rules            = var.lifecycle_rules

  # This account is ours alone.
  manage_api_gateway_account = true

  # Not to be had on the embedded AWS; docs/local.md says why.
  block_public_access_for_account = false
  managed_login_style             = false
}
