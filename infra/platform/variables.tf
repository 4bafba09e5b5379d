variable "allowed_origin" {
  type        = string
  description = "Origin of the web page (scheme and host), the only one whose scripts may call the API and the bucket."
  nullable    = false

  validation {
    condition     = can(regex("^(https://[^/*]+|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?)$", var.allowed_origin))
    error_message = "The allowed origin must be https (http only on localhost or 127.0.0.1), without a path and without wildcards."
  }
}

variable "block_public_access_for_account" {
  type        = bool
  description = "Whether to block public access for every bucket of the account. Off where another team owns that setting."
  default     = false
  nullable    = false
}

variable "break_glass_principal_arns" {
  type        = list(string)
  description = "ARNs of roles or users that may read files past the product, for emergencies."
  default     = []
  nullable    = false
}

variable "callback_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person back to with a code."
  nullable    = false
}

variable "custom_domain" {
  type = object({
    name            = optional(string, "")
    certificate_arn = optional(string, "")
  })
  description = "Address of one's own for the API and the ARN of its certificate in ACM; with one, TLS 1.2 is the minimum and the address AWS gives is closed."
  default     = {}
  nullable    = false
}

variable "definitions_dir" {
  type        = string
  description = "Folder of the workflow definitions, one <workflow>.asl.json each."
  nullable    = false
}

variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete tables and user pool."
  default     = true
  nullable    = false
}

variable "destroy_files_with_product" {
  type        = bool
  description = "Whether destroying the product destroys the files and logs in its buckets with it."
  default     = false
  nullable    = false
}

variable "extra_steps" {
  type        = map(string)
  description = "Workflow steps of your own: key to ARN of a Lambda function."
  default     = {}
  nullable    = false
}

variable "extra_workflow_rights" {
  type = map(map(object({
    actions      = list(string)
    resources    = list(string)
    only_through = optional(string)
  })))
  description = "What workflows of your own may do: workflow to statement id to actions and resources."
  default     = {}
  nullable    = false
}

variable "gateway_document_file" {
  type        = string
  description = "Path of the API document that make package writes (build/gateway.json)."
  nullable    = false
}

variable "lambda_architecture" {
  type        = string
  description = "Architecture the package was built for: arm64 or x86_64."
  default     = "arm64"
  nullable    = false
}

variable "lambda_runtime" {
  type        = string
  description = "Lambda runtime the package was built for."
  default     = "python3.13"
  nullable    = false
}

variable "lifecycle_rules" {
  type        = bool
  description = "Whether the buckets tidy up by themselves: unfinished uploads, deleted files, old logs, old packages."
  default     = true
  nullable    = false
}

variable "login_domain_prefix" {
  type        = string
  description = "First label of managed login's address, free in the whole region; empty for prefix and account."
  default     = ""
  nullable    = false
}

variable "logout_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person to after signing out."
  nullable    = false
}

variable "mail_sender" {
  type = object({
    source_arn = optional(string, "")
    from       = optional(string, "")
  })
  description = "Verified SES identity (ARN) and address that codes are sent from; empty for Cognito's own sender, at most 50 mails a day."
  default     = {}
  nullable    = false
}

variable "manage_api_gateway_account" {
  type        = bool
  description = "Whether to set the role by which API Gateway writes logs: one setting a region, for every API of the account."
  default     = false
  nullable    = false
}

variable "managed_login_style" {
  type        = bool
  description = "Whether to attach Cognito's own style to managed login; without one it shows no page."
  default     = true
  nullable    = false
}

variable "mfa" {
  type        = string
  description = "Second factor at sign-in (TOTP): OFF, OPTIONAL or ON."
  default     = "OPTIONAL"
  nullable    = false
}

variable "package_file" {
  type        = string
  description = "Path of the zip that make package writes."
  nullable    = false
}

variable "permissions_boundary_arn" {
  type        = string
  description = "ARN of the permissions boundary put on every role; empty for none."
  default     = ""
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything; one product a prefix in an account and region."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.prefix)) && !can(regex("aws|amazon|cognito", var.prefix))
    error_message = "The prefix must be 3 to 20 lower-case letters, digits and dashes, start with a letter, not end with a dash, and not hold the words aws, amazon or cognito."
  }
}

variable "self_sign_up" {
  type        = bool
  description = "Whether people may make their own accounts; otherwise an administrator makes them."
  default     = true
  nullable    = false
}

variable "web_acl_arn" {
  type        = string
  description = "ARN of a regional WAF web ACL to put before the API; empty for none."
  default     = ""
  nullable    = false
}

variable "web_url" {
  type        = string
  description = "Address of the web page, put into mails and answers."
  nullable    = false

  validation {
    condition     = can(regex("^https?://", var.web_url))
    error_message = "The address of the web page must start with https:// (or http:// on loopback)."
  }
}
