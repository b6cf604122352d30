data "oci_containerengine_cluster_option" "offer" {
  cluster_option_id = "all"
  compartment_id    = var.compartment_id
}

data "oci_identity_region_subscriptions" "tenancy" {
  tenancy_id = var.tenancy_id
}

locals {
  home_regions = [for region in data.oci_identity_region_subscriptions.tenancy.region_subscriptions : region.region_name if region.is_home_region]
}

resource "oci_containerengine_cluster" "platform" {
  compartment_id     = var.compartment_id
  name               = var.name
  vcn_id             = oci_core_vcn.platform.id
  kubernetes_version = var.kubernetes_version
  freeform_tags      = local.tags

  # The Console makes enhanced clusters, which cost 74.40 USD a month and cannot be turned back.
  type = "BASIC_CLUSTER"

  # Flannel does not enforce NetworkPolicy: Cilium or Calico goes on top of it. VCN-native networking would leave a 1 OCPU node 31 pods.
  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id            = oci_core_subnet.platform["endpoint"].id
    is_public_ip_enabled = true
    nsg_ids              = [oci_core_network_security_group.platform["endpoint"].id]
  }

  options {
    service_lb_subnet_ids = [oci_core_subnet.platform["balancer"].id]

    kubernetes_network_config {
      pods_cidr     = "10.244.0.0/16"
      services_cidr = "10.96.0.0/16"
    }

    add_ons {
      is_kubernetes_dashboard_enabled = false
      is_tiller_enabled               = false
    }

    persistent_volume_config {
      freeform_tags = local.tags
    }

    service_lb_config {
      freeform_tags = local.tags
    }
  }

  lifecycle {
    precondition {
      condition     = contains(data.oci_containerengine_cluster_option.offer.kubernetes_versions, var.kubernetes_version)
      error_message = "OKE does not offer ${var.kubernetes_version} in ${var.region}. It offers: ${join(", ", data.oci_containerengine_cluster_option.offer.kubernetes_versions)}."
    }

    precondition {
      condition     = contains(local.home_regions, var.region)
      error_message = "${var.region} is not the tenancy's home region (${join(", ", local.home_regions)}): everything there would be billed."
    }
  }
}
