output "stream_arn" {
  description = "ARN of the table's stream, from which the archive is fed."
  value       = aws_dynamodb_table.audit.stream_arn
}

output "table" {
  description = "The audit table: its ARN and name, and the ARN of its key, which writers need through DynamoDB."
  value = {
    key_arn    = module.key.arn
    table_arn  = aws_dynamodb_table.audit.arn
    table_name = aws_dynamodb_table.audit.name
  }
}
