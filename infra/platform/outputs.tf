output "api_url" {
  description = "Address under which the API answers, with its stage."
  value       = module.api.api_url
}

output "audit_table" {
  description = "Name of the audit table."
  value       = module.audit_trail.table.table_name
}

output "client_id" {
  description = "Id of the user pool client of the web page and the command line."
  value       = module.identity.client_id
}

output "files_bucket" {
  description = "Name of the bucket that holds the files."
  value       = module.file_store.bucket.bucket_name
}

output "function_names" {
  description = "Name of every Lambda function, by key."
  value       = merge(module.api.function_names, module.identity.function_names, module.workflows.function_names)
}

output "login_url" {
  description = "Address of managed login."
  value       = module.identity.login_url
}

output "logs_bucket" {
  description = "Name of the bucket that receives S3's access logs."
  value       = module.file_store.logs_bucket_name
}

output "permissions_table" {
  description = "Name of the permissions table."
  value       = module.permission_store.table.table_name
}

output "rest_api_id" {
  description = "Id of the REST API."
  value       = module.api.rest_api_id
}

output "state_machine_arns" {
  description = "ARN of each state machine, by workflow."
  value       = module.workflows.state_machine_arns
}

output "topic_arn" {
  description = "ARN of the topic that carries every event."
  value       = module.notifications.topic.topic_arn
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = module.identity.user_pool.user_pool_arn
}

output "user_pool_id" {
  description = "Id of the user pool."
  value       = module.identity.user_pool.user_pool_id
}
