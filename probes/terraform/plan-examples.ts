/** A small configuration that is as it should be, for tests: each bends one place of it. */
export const goodConfiguration = `
terraform {
  backend "s3" {
    key          = "terraform.tfstate"
    use_lockfile = true
  }
}

variable "nodes" {
  type    = number
  default = 2
}

variable "volume_claims" {
  type    = number
  default = 1
}

resource "oci_core_vcn" "main" {
  cidr_blocks = ["10.0.0.0/16"]
}

resource "oci_core_network_security_group_security_rule" "https" {
  direction = "INGRESS"
  protocol  = "6"
  source    = "0.0.0.0/0"
  tcp_options {
    destination_port_range {
      min = 443
      max = 443
    }
  }
}

resource "oci_containerengine_cluster" "main" {
  name = "main"
  type = "BASIC_CLUSTER"
}

resource "oci_containerengine_node_pool" "main" {
  node_shape = "VM.Standard.A1.Flex"
  node_shape_config {
    ocpus         = 1
    memory_in_gbs = 6
  }
  node_source_details {
    boot_volume_size_in_gbs = 50
  }
  node_config_details {
    size = var.nodes
  }
  node_pool_cycling_details {
    maximum_surge = "0"
  }
}

resource "oci_objectstorage_bucket" "dumps" {
  access_type = "NoPublicAccess"
  lifecycle {
    prevent_destroy = true
  }
}

resource "oci_objectstorage_object_lifecycle_policy" "dumps" {
  bucket = oci_objectstorage_bucket.dumps.name
}

resource "oci_budget_budget" "main" {
  amount = 1
}

resource "oci_budget_alert_rule" "main" {
  budget_id      = oci_budget_budget.main.id
  type           = "ACTUAL"
  threshold_type = "ABSOLUTE"
  threshold      = 0.01
  recipients     = "you@example.com"
}

resource "oci_limits_quota" "main" {
  statements = [
    "zero compute-core quotas in tenancy",
    "set compute-core quota standard-a1-core-count to 2 in tenancy where request.region = '\${data.x.y.region}'",
    "set compute-core quota standard-a1-core-regional-count to 2 in tenancy",
    "zero compute-memory quotas in tenancy",
    "set compute-memory quota standard-a1-memory-count to 12 in tenancy",
    "set compute-memory quota standard-a1-memory-regional-count to 12 in tenancy",
    "set block-storage quota total-storage-gb to 200 in tenancy",
    "set load-balancer quota lb-flexible-count to 1 in tenancy",
    "set load-balancer quota lb-flexible-bandwidth-sum to 10 in tenancy",
  ]
}

output "load_balancer_annotations" {
  value = {
    "service.beta.kubernetes.io/oci-load-balancer-shape"          = "flexible"
    "service.beta.kubernetes.io/oci-load-balancer-shape-flex-min" = "10"
    "service.beta.kubernetes.io/oci-load-balancer-shape-flex-max" = "10"
  }
}
`;
