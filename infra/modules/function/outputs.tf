output "arn" {
  description = "ARN of the function."
  value       = aws_lambda_function.this.arn

  # Whoever calls the function finds it with all its rights.
  depends_on = [aws_iam_role_policy.rights, aws_iam_role_policy.runtime]
}

output "invoke_arn" {
  description = "ARN by which API Gateway calls the function."
  value       = aws_lambda_function.this.invoke_arn

  depends_on = [aws_iam_role_policy.rights, aws_iam_role_policy.runtime]
}

output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "role_arn" {
  description = "ARN of the function's role. Known before the function exists, so policies may name it."
  value       = aws_iam_role.this.arn
}
