# The load balancer is made by Kubernetes, from the annotations of the one Service of type LoadBalancer. Free is one, of the flexible shape, at 10 Mbps.
# Without the shape Oracle makes one of 100 Mbps, which is billed; without both bounds the Service never gets an address.

locals {
  load_balancer_mbps = 10

  load_balancer_annotations = {
    "oci.oraclecloud.com/load-balancer-type"                      = "lb"
    "service.beta.kubernetes.io/oci-load-balancer-shape"          = "flexible"
    "service.beta.kubernetes.io/oci-load-balancer-shape-flex-min" = tostring(local.load_balancer_mbps)
    "service.beta.kubernetes.io/oci-load-balancer-shape-flex-max" = tostring(local.load_balancer_mbps)
    "service.beta.kubernetes.io/oci-load-balancer-subnet1"        = oci_core_subnet.platform["balancer"].id
    "oci.oraclecloud.com/oci-network-security-groups"             = oci_core_network_security_group.platform["balancer"].id
    "oci.oraclecloud.com/security-rule-management-mode"           = "None"
  }
}
