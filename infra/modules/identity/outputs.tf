output "admin_group" {
  description = "Name of the administrators' group."
  value       = aws_cognito_user_group.admins.name
}

output "client_id" {
  description = "Id of the public client of the web page and the command line."
  value       = aws_cognito_user_pool_client.web.id
}

output "function_names" {
  description = "Name of the trigger's function, by key."
  value       = { welcome_person = module.welcome_person.name }
}

output "login_url" {
  description = "Address of managed login."
  value       = "https://${aws_cognito_user_pool_domain.login.domain}.auth.${data.aws_region.current.name}.amazoncognito.com"
}

output "user_pool" {
  description = "The user pool: its ARN and id."
  value = {
    user_pool_arn = aws_cognito_user_pool.people.arn
    user_pool_id  = aws_cognito_user_pool.people.id
  }
}
