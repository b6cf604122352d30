# Public subnets and an internet gateway: the way that every free tenancy has. Nodes get public addresses, and no rule lets the internet reach them.
# With private_nodes the nodes' subnet is private, behind a NAT and a service gateway.

locals {
  vcn_cidr = "10.0.0.0/16"
  subnets = {
    endpoint = { cidr = "10.0.0.0/28", private = false }
    nodes    = { cidr = "10.0.10.0/24", private = var.private_nodes }
    balancer = { cidr = "10.0.20.0/24", private = false }
  }
}

resource "oci_core_vcn" "platform" {
  compartment_id = var.compartment_id
  cidr_blocks    = [local.vcn_cidr]
  display_name   = var.name
  dns_label      = "platform"
  freeform_tags  = local.tags
}

resource "oci_core_internet_gateway" "platform" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = var.name
  freeform_tags  = local.tags
}

resource "oci_core_route_table" "public" {
  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = "${var.name}-public"
  freeform_tags  = local.tags

  route_rules {
    destination       = "0.0.0.0/0"
    destination_type  = "CIDR_BLOCK"
    network_entity_id = oci_core_internet_gateway.platform.id
  }
}

# The list that Oracle gives to every network opens SSH to the world. Emptied: the security groups say everything.
resource "oci_core_default_security_list" "closed" {
  manage_default_resource_id = oci_core_vcn.platform.default_security_list_id
  display_name               = "${var.name}-closed"
  freeform_tags              = local.tags
}

resource "oci_core_subnet" "platform" {
  for_each = local.subnets

  compartment_id             = var.compartment_id
  vcn_id                     = oci_core_vcn.platform.id
  cidr_block                 = each.value.cidr
  display_name               = "${var.name}-${each.key}"
  dns_label                  = each.key
  prohibit_public_ip_on_vnic = each.value.private
  route_table_id             = each.value.private ? oci_core_route_table.private[0].id : oci_core_route_table.public.id
  security_list_ids          = [oci_core_default_security_list.closed.id]
  freeform_tags              = local.tags
}

data "oci_core_services" "all" {
  count = var.private_nodes ? 1 : 0

  filter {
    name   = "name"
    values = ["All .* Services In Oracle Services Network"]
    regex  = true
  }
}

resource "oci_core_nat_gateway" "private" {
  count = var.private_nodes ? 1 : 0

  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = var.name
  freeform_tags  = local.tags
}

resource "oci_core_service_gateway" "private" {
  count = var.private_nodes ? 1 : 0

  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = var.name
  freeform_tags  = local.tags

  services {
    service_id = data.oci_core_services.all[0].services[0].id
  }
}

resource "oci_core_route_table" "private" {
  count = var.private_nodes ? 1 : 0

  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = "${var.name}-private"
  freeform_tags  = local.tags

  route_rules {
    destination       = "0.0.0.0/0"
    destination_type  = "CIDR_BLOCK"
    network_entity_id = oci_core_nat_gateway.private[0].id
  }

  route_rules {
    destination       = data.oci_core_services.all[0].services[0].cidr_block
    destination_type  = "SERVICE_CIDR_BLOCK"
    network_entity_id = oci_core_service_gateway.private[0].id
  }
}
