variable "description" {
  type        = string
  description = "One sentence on what the function does, shown in the console."
  nullable    = false
}

variable "environment" {
  type        = map(string)
  description = "Environment of the function: names and limits, never a secret."
  nullable    = false
}

variable "handler" {
  type        = string
  description = "Dotted path of the Python function that Lambda calls."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_]+(\\.[a-z_]+)+$", var.handler))
    error_message = "The handler must be a dotted Python path such as app.steps.share_file.decide_sharing."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps the function's log."
  nullable    = false
}

variable "logs_key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts the log group."
  nullable    = false
}

variable "memory_megabytes" {
  type        = number
  description = "Memory in MB; CPU grows with it."
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_megabytes >= 128 && var.memory_megabytes <= 10240
    error_message = "The memory must be between 128 and 10240 MB."
  }
}

variable "name" {
  type        = string
  description = "Name of the function, its role and the end of its log group's name."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,63}$", var.name))
    error_message = "The name must be lower-case letters, digits and dashes, at most 64 characters."
  }
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

variable "permissions_boundary_arn" {
  type        = string
  description = "ARN of the permissions boundary put on the role; empty for none."
  default     = ""
  nullable    = false
}

variable "reserved_concurrency" {
  type        = number
  description = "Concurrent executions kept for this function and its ceiling; -1 shares the account's pool, 0 stops it."
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency >= -1 && floor(var.reserved_concurrency) == var.reserved_concurrency
    error_message = "The reserved concurrency must be -1 (shared pool) or a whole number from 0 up."
  }
}

variable "rights" {
  type = map(object({
    actions      = list(string)
    resources    = list(string)
    only_through = optional(string)
  }))
  description = "What the function may do: statement id (a sentence) to actions, resources and, for a key, the only service it may be used through."
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for right in var.rights : !contains(right.resources, "*") && alltrue([for a in right.actions : !endswith(a, "*")])
    ])
    error_message = "Each right must name its actions and its resources; * is not accepted."
  }
}

variable "timeout_seconds" {
  type        = number
  description = "Seconds after which Lambda stops the function."
  default     = 10
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "The timeout must be between 1 and 900 seconds."
  }
}
