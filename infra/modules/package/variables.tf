variable "architecture" {
  type        = string
  description = "Architecture the package was built for: arm64 or x86_64."
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "The architecture must be arm64 or x86_64."
  }
}

variable "file" {
  type        = string
  description = "Path of the zip that make package writes."
  nullable    = false
}

variable "lifecycle_rules" {
  type        = bool
  description = "Whether the buckets tidy up by themselves: unfinished uploads and packages nobody runs any more."
  default     = true
  nullable    = false
}

variable "prefix" {
  type        = string
  description = "Start of the name of everything this module makes."
  nullable    = false
}

variable "runtime" {
  type        = string
  description = "Lambda runtime the package was built for."
  nullable    = false

  validation {
    condition     = can(regex("^python3\\.[0-9]+$", var.runtime))
    error_message = "The runtime must be one of Lambda's Python runtimes, such as python3.13."
  }
}
