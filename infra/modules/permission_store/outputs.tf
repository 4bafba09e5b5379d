output "table" {
  description = "The permissions table: its ARN and name, the ARN pattern of its indexes, and the ARN of its key, which readers need through DynamoDB."
  value = {
    index_arns = "${aws_dynamodb_table.permissions.arn}/index/*"
    key_arn    = module.key.arn
    table_arn  = aws_dynamodb_table.permissions.arn
    table_name = aws_dynamodb_table.permissions.name
  }
}
