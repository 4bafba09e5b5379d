variable "access_token_minutes" {
  type        = number
  description = "Minutes an access token lives; the longest a person who was signed out can still ask."
  default     = 5
  nullable    = false

  validation {
    condition     = var.access_token_minutes >= 5 && var.access_token_minutes <= 15
    error_message = "Access tokens must live between 5 (Cognito's minimum) and 15 minutes."
  }
}

variable "callback_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person back to with a code: exact, https, or http on loopback."
  nullable    = false

  validation {
    condition     = length(var.callback_urls) > 0 && alltrue([for url in var.callback_urls : can(regex("^(https://[^*]+|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?/[^*]*)$", url))])
    error_message = "Callback URLs must be exact https addresses, or http addresses of localhost or 127.0.0.1."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "Whether AWS refuses to delete the user pool."
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days CloudWatch keeps the trigger's log."
  nullable    = false
}

variable "login_domain_prefix" {
  type        = string
  description = "First label of managed login's address, free in the whole region; empty for prefix and account."
  default     = ""
  nullable    = false

  validation {
    condition     = var.login_domain_prefix == "" || (can(regex("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", var.login_domain_prefix)) && !can(regex("aws|amazon|cognito", var.login_domain_prefix)))
    error_message = "The login domain must be lower-case letters, digits and dashes, without the words aws, amazon and cognito."
  }
}

variable "logout_urls" {
  type        = list(string)
  description = "Addresses managed login may send a person to after signing out."
  nullable    = false

  validation {
    condition     = alltrue([for url in var.logout_urls : can(regex("^(https://[^*]+|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?/[^*]*)$", url))])
    error_message = "Logout URLs must be exact https addresses, or http addresses of localhost or 127.0.0.1."
  }
}

variable "logs_key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts log groups."
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
  description = "Second factor (TOTP): OFF, OPTIONAL or ON."
  default     = "OPTIONAL"
  nullable    = false

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "The second factor must be OFF, OPTIONAL or ON."
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

variable "password_minimum_length" {
  type        = number
  description = "Characters a password has at least."
  default     = 14
  nullable    = false

  validation {
    condition     = var.password_minimum_length >= 12 && var.password_minimum_length <= 99
    error_message = "Passwords must have at least 12 characters, and no minimum above 99 can be met."
  }
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

variable "refresh_token_hours" {
  type        = number
  description = "Hours after which a person signs in again."
  default     = 12
  nullable    = false

  validation {
    condition     = var.refresh_token_hours >= 1 && var.refresh_token_hours <= 24
    error_message = "Refresh tokens must live between 1 and 24 hours."
  }
}

variable "self_sign_up" {
  type        = bool
  description = "Whether people may make their own accounts; otherwise an administrator makes them."
  default     = true
  nullable    = false
}

variable "sender" {
  type = object({
    source_arn = optional(string, "")
    from       = optional(string, "")
  })
  description = "Verified SES identity (ARN) and address that codes are sent from; empty for Cognito's own sender, at most 50 mails a day."
  default     = {}
  nullable    = false
}

variable "topic_arn" {
  type        = string
  description = "ARN of the topic a new person is subscribed to."
  nullable    = false
}

variable "welcome_concurrency" {
  type        = number
  description = "Concurrent executions kept for the trigger; -1 shares the account's pool."
  default     = -1
  nullable    = false
}
