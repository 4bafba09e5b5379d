output "api_url" {
  description = "Address under which the API answers, with its stage."
  value       = module.waybill.api_url
}

output "audit_table" {
  description = "Name of the audit table."
  value       = module.waybill.audit_table
}

output "client_id" {
  description = "Id of the user pool client of the web page and the command line."
  value       = module.waybill.client_id
}

output "files_bucket" {
  description = "Name of the bucket that holds the files."
  value       = module.waybill.files_bucket
}

output "function_names" {
  description = "Name of every Lambda function, by key."
  value       = module.waybill.function_names
}

output "login_url" {
  description = "Address of managed login."
  value       = module.waybill.login_url
}

output "logs_bucket" {
  description = "Name of the bucket that receives S3's access logs."
  value       = module.waybill.logs_bucket
}

output "permissions_table" {
  description = "Name of the permissions table."
  value       = module.waybill.permissions_table
}

output "region" {
  description = "Region everything is in."
  value       = var.region
}

output "rest_api_id" {
  description = "Id of the REST API."
  value       = module.waybill.rest_api_id
}

output "state_machine_arns" {
  description = "ARN of each state machine, by workflow."
  value       = module.waybill.state_machine_arns
}

output "topic_arn" {
  description = "ARN of the topic that carries every event."
  value       = module.waybill.topic_arn
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = module.waybill.user_pool_arn
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.waybill.user_pool_id
}
