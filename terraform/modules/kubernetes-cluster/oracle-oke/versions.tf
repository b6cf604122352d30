terraform {
  # Variables are validated against each other, which Terraform can do since 1.9.
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    oci = {
      source  = "oracle/oci"
      version = ">= 8.2.0, < 9.0.0"
    }
  }
}
