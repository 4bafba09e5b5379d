output "api_url" {
  description = "Address under which the API answers, with its stage."
  value       = local.has_domain ? "https://${var.custom_domain.name}/${local.stage_name}" : aws_api_gateway_stage.v1.invoke_url
}

output "function_names" {
  description = "Name of the API's function, by key."
  value       = { api = module.api.name }
}

output "rest_api_id" {
  description = "Id of the REST API."
  value       = aws_api_gateway_rest_api.waybill.id
}
