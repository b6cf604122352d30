data "oci_identity_availability_domains" "region" {
  compartment_id = var.tenancy_id
}

# OKE boots its own images only; a platform image of the same system is refused.
data "oci_containerengine_node_pool_option" "offer" {
  node_pool_option_id = "all"
  compartment_id      = var.compartment_id
}

locals {
  availability_domain = data.oci_identity_availability_domains.region.availability_domains[var.availability_domain_number - 1].name

  # Names read like Oracle-Linux-8.10-aarch64-2026.01.31-0-OKE-1.34.2-1345: for the right architecture and version, the last by name is the newest.
  node_images = {
    for source in data.oci_containerengine_node_pool_option.offer.sources : source.source_name => source.image_id
    if can(regex("^Oracle-Linux-[0-9.]+-aarch64-.*-OKE-${trimprefix(var.kubernetes_version, "v")}-", source.source_name))
  }
  node_image_names = reverse(sort(keys(local.node_images)))
  node_image_id    = var.node_image_id != null ? var.node_image_id : try(local.node_images[local.node_image_names[0]], null)
}

resource "oci_containerengine_node_pool" "platform" {
  for_each = var.node_pools

  cluster_id         = oci_containerengine_cluster.platform.id
  compartment_id     = var.compartment_id
  name               = "${var.name}-${each.key}"
  kubernetes_version = var.kubernetes_version
  node_shape         = local.node_shape
  freeform_tags      = local.tags

  node_shape_config {
    ocpus         = each.value.ocpus
    memory_in_gbs = each.value.memory_gb
  }

  node_source_details {
    source_type             = "IMAGE"
    image_id                = local.node_image_id
    boot_volume_size_in_gbs = each.value.boot_volume_gb
  }

  node_config_details {
    size          = each.value.nodes
    nsg_ids       = [oci_core_network_security_group.platform["nodes"].id]
    freeform_tags = local.tags

    placement_configs {
      availability_domain = local.availability_domain
      subnet_id           = oci_core_subnet.platform["nodes"].id
    }

    node_pool_pod_network_option_details {
      cni_type = "FLANNEL_OVERLAY"
    }
  }

  # OKE's default surge is one: an additional node, with its processor and its 50 GB, at every upgrade.
  node_pool_cycling_details {
    is_node_cycling_enabled = var.node_cycling
    maximum_surge           = "0"
    maximum_unavailable     = "1"
  }

  node_eviction_node_pool_settings {
    eviction_grace_duration              = "PT10M"
    is_force_delete_after_grace_duration = true
  }

  lifecycle {
    precondition {
      condition     = local.node_image_id != null
      error_message = "OKE offers no aarch64 image for ${var.kubernetes_version} in ${var.region}. Choose another version, or name an image in node_image_id."
    }
  }
}
