variable "allowed_origin" {
  type        = string
  description = "Origin of the web page."
  default     = "http://localhost:5173"
  nullable    = false
}

variable "api_endpoint" {
  type        = string
  description = "Address of the API Gateway stand-in, without the stage."
  default     = "http://127.0.0.1:4581"
  nullable    = false
}

variable "audit_retention_days" {
  type        = number
  description = "Days audit records and S3's access logs are kept."
  default     = 730
  nullable    = false
}

variable "callback_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person back to: web page and command line."
  default     = ["http://localhost:5173/callback", "http://127.0.0.1:8976/callback"]
  nullable    = false
}

variable "definitions_dir" {
  type        = string
  description = "Folder of the workflow definitions, relative to this folder."
  default     = "../../../stepfunctions"
  nullable    = false
}

variable "deletion_protection" {
  type        = bool
  description = "Whether tables and user pool refuse to be deleted; off, so that the environment can be destroyed."
  default     = false
  nullable    = false
}

variable "endpoint" {
  type        = string
  description = "Address of the embedded AWS, at which managed login answers too."
  default     = "http://127.0.0.1:4580"
  nullable    = false
}

variable "gateway_document_file" {
  type        = string
  description = "API document, relative to this folder."
  default     = "../../../build/gateway.json"
  nullable    = false
}

variable "lifecycle_rules" {
  type        = bool
  description = "Whether the buckets have their rules for tidying up. The embedded AWS keeps the rules and never runs them, and the provider waits 55 seconds for each; make run goes without."
  default     = true
  nullable    = false
}

variable "link_lifetime_seconds" {
  type        = number
  description = "Seconds a download link lives."
  default     = 120
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps logs."
  default     = 365
  nullable    = false
}

variable "logout_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person to after signing out."
  default     = ["http://localhost:5173/"]
  nullable    = false
}

variable "package_file" {
  type        = string
  description = "Zip of the functions, relative to this folder; built for this machine's interpreter."
  default     = "../../../build/local/lambda.zip"
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything."
  default     = "waybill-local"
  nullable    = false
}

variable "signature_age_limit_seconds" {
  type        = number
  description = "Age in seconds at which the bucket refuses a download link."
  default     = 300
  nullable    = false
}

variable "web_url" {
  type        = string
  description = "Address of the web page, put into mails and answers."
  default     = "http://localhost:5173/"
  nullable    = false
}
