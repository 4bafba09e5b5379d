# What each step may do, to be read as: this step may do this, to this.

locals {
  step_rights = {
    decide_upload = {
      ReadPermissions    = { actions = ["dynamodb:GetItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
    }

    sign_upload = {
      UploadFiles  = { actions = ["s3:PutObject"], resources = [local._user_files] }
      EncryptFiles = { actions = ["kms:GenerateDataKey"], resources = [var.file_store.key_arn], only_through = local._s3 }
    }

    decide_completion = {
      ReadPermissions    = { actions = ["dynamodb:GetItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
    }

    decide_sharing = {
      ReadPermissions    = { actions = ["dynamodb:BatchGetItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
    }

    decide_access = {
      ReadPermissions    = { actions = ["dynamodb:BatchGetItem"], resources = [var.permission_store.table_arn] }
      DecryptPermissions = local._decrypt_permissions
    }

    # The version, never "the newest": the link gives what was shared.
    sign_link = {
      ReadFileVersions = { actions = ["s3:GetObjectVersion"], resources = [local._user_files] }
      DecryptFiles     = { actions = ["kms:Decrypt"], resources = [var.file_store.key_arn], only_through = local._s3 }
    }
  }

  # DynamoDB opens a table's key in the name of whoever asks for an item.
  _decrypt_permissions = { actions = ["kms:Decrypt"], resources = [var.permission_store.key_arn], only_through = local._dynamodb }
  _decrypt_audit       = { actions = ["kms:Decrypt"], resources = [var.audit_trail.key_arn], only_through = local._dynamodb }

  _dynamodb   = "dynamodb.${data.aws_region.current.name}.amazonaws.com"
  _s3         = "s3.${data.aws_region.current.name}.amazonaws.com"
  _sns        = "sns.${data.aws_region.current.name}.amazonaws.com"
  _user_files = "${var.file_store.bucket_arn}/users/*"
}
