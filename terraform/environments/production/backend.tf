# Oracle's S3-compatible address. Terraform has a backend of type oci since 1.12 only; 1.11 answers "There is no backend type named oci".
# Bucket, region and address come from backend.hcl: a backend takes no variables. The key pair (a Customer Secret Key) comes from ~/.aws/credentials.
terraform {
  backend "s3" {
    key            = "terraform.tfstate"
    use_path_style = true
    use_lockfile   = true

    # What Amazon's own service has and Oracle's has not.
    skip_region_validation      = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_metadata_api_check     = true
    skip_s3_checksum            = true
  }
}
