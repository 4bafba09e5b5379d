variable "audit_trail" {
  type = object({
    key_arn    = string
    table_arn  = string
    table_name = string
  })
  description = "The audit table (module audit_trail)."
  nullable    = false
}

variable "definitions_dir" {
  type        = string
  description = "Folder of the definitions, one <workflow>.asl.json each."
  nullable    = false

  validation {
    condition     = length(fileset(var.definitions_dir, "*.asl.json")) > 0
    error_message = "The definitions folder holds no *.asl.json file; without workflows nobody can do anything."
  }
}

variable "extra_steps" {
  type        = map(string)
  description = "Steps of your own: key to ARN of a Lambda function. A definition names one as $${<key>_arn}."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.extra_steps) : can(regex("^[a-z][a-z0-9_]*$", key))])
    error_message = "The key of a step must be lower-case letters, digits and underscores."
  }
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

  validation {
    condition     = alltrue(flatten([for rights in var.extra_workflow_rights : [for right in rights : !contains(right.resources, "*")]]))
    error_message = "Each right must name its resources; * is not accepted."
  }
}

variable "file_store" {
  type = object({
    bucket_arn  = string
    bucket_name = string
    key_arn     = string
  })
  description = "The files bucket (module file_store)."
  nullable    = false
}

variable "identity" {
  type = object({
    user_pool_arn = string
    user_pool_id  = string
  })
  description = "The user pool (module identity)."
  nullable    = false
}

variable "limits" {
  type = object({
    audit_retention_days    = number
    largest_download_limit  = number
    link_lifetime_seconds   = number
    longest_share_days      = number
    upload_lifetime_seconds = number
    upload_limit_bytes      = number
  })
  description = "The figures decisions keep to."
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps the logs of workflows and steps."
  nullable    = false
}

variable "logs_key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts log groups."
  nullable    = false
}

variable "notifications" {
  type = object({
    key_arn   = string
    topic_arn = string
  })
  description = "The topic (module notifications)."
  nullable    = false
}

variable "package" {
  type = object({
    architecture = string
    bucket       = string
    key          = string
    runtime      = string
    sha256       = string
    version      = string
  })
  description = "The code of every function (module package)."
  nullable    = false
}

variable "permission_store" {
  type = object({
    key_arn    = string
    table_arn  = string
    table_name = string
  })
  description = "The permissions table (module permission_store)."
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
  description = "Start of the name of everything this module makes."
  nullable    = false
}

variable "step_concurrency" {
  type        = map(number)
  description = "Concurrent executions kept for a step, by its key; a step not named shares the account's pool."
  default     = {}
  nullable    = false
}

variable "web_url" {
  type        = string
  description = "Address of the web page, put into notifications."
  nullable    = false
}
