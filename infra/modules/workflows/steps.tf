# The steps: one function an authority, all from one zip. What each may do is in iam_steps.tf.

locals {
  steps = {
    decide_upload = {
      description = "Decides whether a person may start an upload."
      handler     = "app.steps.start_upload.decide_upload"
      environment = local._decides
    }
    sign_upload = {
      description = "Signs the form by which one file of one size goes to one new key."
      handler     = "app.steps.start_upload.sign_upload"
      environment = {
        FILES_BUCKET            = var.file_store.bucket_name
        UPLOAD_LIFETIME_SECONDS = var.limits.upload_lifetime_seconds
      }
    }
    decide_completion = {
      description = "Decides whether what arrived is what was announced."
      handler     = "app.steps.complete_upload.decide_completion"
      environment = local._decides
    }
    decide_sharing = {
      description = "Decides whether a person may share a file with these recipients."
      handler     = "app.steps.share_file.decide_sharing"
      environment = merge(local._decides, {
        LARGEST_DOWNLOAD_LIMIT = var.limits.largest_download_limit
        LONGEST_SHARE_DAYS     = var.limits.longest_share_days
        WEB_URL                = var.web_url
      })
    }
    decide_access = {
      description = "Decides whether a person may take a file."
      handler     = "app.steps.download_file.decide_access"
      environment = local._decides
    }
    sign_link = {
      description = "Signs the link to one version of one file."
      handler     = "app.steps.download_file.sign_link"
      environment = {
        FILES_BUCKET          = var.file_store.bucket_name
        LINK_LIFETIME_SECONDS = var.limits.link_lifetime_seconds
      }
    }
  }

  # A deciding step plans the writes that the state machine then carries out, so it has to know
  # the names of both tables; its rights do not let it write to either.
  _decides = {
    AUDIT_RETENTION_DAYS = var.limits.audit_retention_days
    AUDIT_TABLE          = var.audit_trail.table_name
    FILES_BUCKET         = var.file_store.bucket_name
    PERMISSIONS_TABLE    = var.permission_store.table_name
  }
}

module "step" {
  source   = "../function"
  for_each = local.steps

  name        = "${var.prefix}-${replace(each.key, "_", "-")}"
  description = each.value.description
  handler     = each.value.handler
  package     = var.package
  environment = each.value.environment
  rights      = local.step_rights[each.key]

  reserved_concurrency     = lookup(var.step_concurrency, each.key, -1)
  log_retention_days       = var.log_retention_days
  logs_key_arn             = var.logs_key_arn
  permissions_boundary_arn = var.permissions_boundary_arn
}
