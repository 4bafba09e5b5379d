output "package" {
  description = "The package in its bucket: which version of which object, its hash, and the runtime and architecture it was built for."
  value = {
    architecture = var.architecture
    bucket       = aws_s3_object.package.bucket
    key          = aws_s3_object.package.key
    runtime      = var.runtime
    sha256       = filebase64sha256(var.file)
    version      = aws_s3_object.package.version_id
  }
}
