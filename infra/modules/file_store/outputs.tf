# Without the bucket policy: the roles that policy names are made by whoever reads this output.
output "bucket" {
  description = "The bucket that holds the files: its ARN and name, and the ARN of its key."
  value = {
    bucket_arn  = aws_s3_bucket.files.arn
    bucket_name = aws_s3_bucket.files.bucket
    key_arn     = module.key.arn
  }
}

output "logs_bucket_name" {
  description = "Name of the bucket that receives S3's access logs, under access/."
  value       = aws_s3_bucket.logs.bucket
}
