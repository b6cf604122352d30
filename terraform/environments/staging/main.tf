terraform {
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "8.28.0"
    }
  }
}

# The key is read from the profile in ~/.oci/config: no credential is a variable here.
provider "oci" {
  region              = var.region
  config_file_profile = var.oci_profile
}

module "platform" {
  source = "../../modules/kubernetes-cluster/oracle-oke"

  name                       = "oke-proof-staging"
  tenancy_id                 = var.tenancy_id
  compartment_id             = var.compartment_id
  region                     = var.region
  availability_domain_number = var.availability_domain_number
  kubernetes_version         = var.kubernetes_version
  api_allowed_cidrs          = var.api_allowed_cidrs
  node_pools                 = var.node_pools
  private_nodes              = var.private_nodes
  volume_claims              = var.volume_claims
  accept_charges             = var.accept_charges
  budget_amount              = var.budget_amount
  budget_recipients          = var.budget_recipients
}

# The bucket that holds this very state was made by hand before the first init; from here on its rules are kept here.
import {
  to = module.platform.oci_objectstorage_bucket.platform["state"]
  id = "n/${var.object_storage_namespace}/b/oke-proof-staging-state"
}
