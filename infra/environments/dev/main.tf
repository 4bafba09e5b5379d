# Waybill in a development account. Copy this folder for another environment: what differs between
# them is below, and nothing else.

module "waybill" {
  source = "../../platform"

  prefix                = "waybill-dev"
  package_file          = "../../../build/lambda.zip"
  definitions_dir       = "../../../stepfunctions"
  gateway_document_file = "../../../build/gateway.json"

  web_url        = var.web_url
  allowed_origin = var.allowed_origin
  callback_urls  = var.callback_urls
  logout_urls    = var.logout_urls

  mfa                        = "OPTIONAL"
  custom_domain              = var.custom_domain
  mail_sender                = var.mail_sender
  web_acl_arn                = var.web_acl_arn
  permissions_boundary_arn   = var.permissions_boundary_arn
  manage_api_gateway_account = var.manage_api_gateway_account
}
