# Who may talk to whom. A peer is the name of a group of ours or a network.

locals {
  anywhere = "0.0.0.0/0"
  tcp      = "6"
  icmp     = "1"

  # Nodes take the load balancer's traffic on these ports; 10256 is kube-proxy's health check.
  node_ports   = { min = 30000, max = 32767 }
  health_ports = { min = 10256, max = 10256 }

  security_rules = merge(
    {
      for cidr in var.api_allowed_cidrs : "endpoint-api-from-${cidr}" =>
      { group = "endpoint", direction = "INGRESS", peer = cidr, protocol = local.tcp, ports = { min = 6443, max = 6443 } }
    },
    {
      "endpoint-api-from-nodes"     = { group = "endpoint", direction = "INGRESS", peer = "nodes", protocol = local.tcp, ports = { min = 6443, max = 6443 } }
      "endpoint-control-from-nodes" = { group = "endpoint", direction = "INGRESS", peer = "nodes", protocol = local.tcp, ports = { min = 12250, max = 12250 } }
      "endpoint-path-from-nodes"    = { group = "endpoint", direction = "INGRESS", peer = "nodes", protocol = local.icmp, ports = null }
      "endpoint-to-nodes"           = { group = "endpoint", direction = "EGRESS", peer = "nodes", protocol = local.tcp, ports = null }
      "endpoint-path-to-nodes"      = { group = "endpoint", direction = "EGRESS", peer = "nodes", protocol = local.icmp, ports = null }
      "endpoint-to-oracle"          = { group = "endpoint", direction = "EGRESS", peer = local.anywhere, protocol = local.tcp, ports = { min = 443, max = 443 } }

      "nodes-from-nodes"           = { group = "nodes", direction = "INGRESS", peer = "nodes", protocol = "all", ports = null }
      "nodes-from-endpoint"        = { group = "nodes", direction = "INGRESS", peer = "endpoint", protocol = local.tcp, ports = null }
      "nodes-path-from-anywhere"   = { group = "nodes", direction = "INGRESS", peer = local.anywhere, protocol = local.icmp, ports = null }
      "nodes-ports-from-balancer"  = { group = "nodes", direction = "INGRESS", peer = "balancer", protocol = local.tcp, ports = local.node_ports }
      "nodes-health-from-balancer" = { group = "nodes", direction = "INGRESS", peer = "balancer", protocol = local.tcp, ports = local.health_ports }
      "nodes-to-anywhere"          = { group = "nodes", direction = "EGRESS", peer = local.anywhere, protocol = "all", ports = null }

      "balancer-https"           = { group = "balancer", direction = "INGRESS", peer = local.anywhere, protocol = local.tcp, ports = { min = 443, max = 443 } }
      "balancer-http"            = { group = "balancer", direction = "INGRESS", peer = local.anywhere, protocol = local.tcp, ports = { min = 80, max = 80 } }
      "balancer-ports-to-nodes"  = { group = "balancer", direction = "EGRESS", peer = "nodes", protocol = local.tcp, ports = local.node_ports }
      "balancer-health-to-nodes" = { group = "balancer", direction = "EGRESS", peer = "nodes", protocol = local.tcp, ports = local.health_ports }
    }
  )

  security_peers = {
    for name, rule in local.security_rules : name => {
      type = contains(keys(local.subnets), rule.peer) ? "NETWORK_SECURITY_GROUP" : "CIDR_BLOCK"
      id   = contains(keys(local.subnets), rule.peer) ? oci_core_network_security_group.platform[rule.peer].id : rule.peer
    }
  }
}

resource "oci_core_network_security_group" "platform" {
  for_each = local.subnets

  compartment_id = var.compartment_id
  vcn_id         = oci_core_vcn.platform.id
  display_name   = "${var.name}-${each.key}"
  freeform_tags  = local.tags
}

resource "oci_core_network_security_group_security_rule" "platform" {
  for_each = local.security_rules

  network_security_group_id = oci_core_network_security_group.platform[each.value.group].id
  description               = each.key
  direction                 = each.value.direction
  protocol                  = each.value.protocol

  source_type      = each.value.direction == "INGRESS" ? local.security_peers[each.key].type : null
  source           = each.value.direction == "INGRESS" ? local.security_peers[each.key].id : null
  destination_type = each.value.direction == "EGRESS" ? local.security_peers[each.key].type : null
  destination      = each.value.direction == "EGRESS" ? local.security_peers[each.key].id : null

  dynamic "tcp_options" {
    for_each = each.value.ports == null ? [] : [each.value.ports]

    content {
      destination_port_range {
        min = tcp_options.value.min
        max = tcp_options.value.max
      }
    }
  }

  # Type 3 code 4, "fragmentation needed": without it large packets vanish.
  dynamic "icmp_options" {
    for_each = each.value.protocol == local.icmp ? [3] : []

    content {
      type = icmp_options.value
      code = 4
    }
  }
}
