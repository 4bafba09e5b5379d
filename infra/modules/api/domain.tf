# An address of one's own, and with it TLS 1.2 at least: the address AWS gives accepts older
# versions, and is closed once this one is there.

locals {
  has_domain = var.custom_domain.name != ""
}

resource "aws_api_gateway_domain_name" "custom" {
  count = local.has_domain ? 1 : 0

  domain_name              = var.custom_domain.name
  regional_certificate_arn = var.custom_domain.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "custom" {
  count = local.has_domain ? 1 : 0

  domain_name = aws_api_gateway_domain_name.custom[0].domain_name
  api_id      = aws_api_gateway_rest_api.waybill.id
  stage_name  = aws_api_gateway_stage.v1.stage_name
  base_path   = local.stage_name
}
