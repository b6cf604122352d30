/**
 * The kinds of resource that cost nothing within the allowance, with the arguments that Oracle's provider knows for them (provider 8, its documentation).
 * A kind that is not here counts as paid until somebody looks it up: a list of the paid ones would never be complete.
 */
const everywhere = ["count", "for_each", "depends_on", "lifecycle", "provider", "timeouts", "dynamic"];
const tagged = ["compartment_id", "defined_tags", "freeform_tags"];

const free: Readonly<Record<string, string>> = {
  oci_containerengine_cluster:
    "name vcn_id kubernetes_version type kms_key_id cluster_pod_network_options endpoint_config image_policy_config options",
  oci_containerengine_node_pool:
    "name cluster_id kubernetes_version node_shape node_shape_config node_source_details node_config_details node_pool_cycling_details node_eviction_node_pool_settings node_metadata initial_node_labels ssh_public_key",
  oci_core_vcn: "cidr_block cidr_blocks display_name dns_label is_ipv6enabled",
  oci_core_subnet:
    "vcn_id cidr_block display_name dns_label route_table_id security_list_ids dhcp_options_id prohibit_public_ip_on_vnic prohibit_internet_ingress availability_domain",
  oci_core_internet_gateway: "vcn_id display_name enabled route_table_id",
  oci_core_nat_gateway: "vcn_id display_name block_traffic public_ip_id route_table_id",
  oci_core_service_gateway: "vcn_id display_name services route_table_id",
  oci_core_route_table: "vcn_id display_name route_rules",
  oci_core_security_list: "vcn_id display_name ingress_security_rules egress_security_rules",
  oci_core_default_security_list:
    "manage_default_resource_id display_name ingress_security_rules egress_security_rules",
  oci_core_network_security_group: "vcn_id display_name",
  oci_core_network_security_group_security_rule:
    "network_security_group_id description direction protocol source source_type destination destination_type stateless tcp_options udp_options icmp_options",
  oci_core_volume: "availability_domain display_name size_in_gbs vpus_per_gb",
  oci_objectstorage_bucket:
    "namespace name access_type storage_tier auto_tiering versioning object_events_enabled kms_key_id metadata retention_rules",
  oci_objectstorage_object_lifecycle_policy: "bucket namespace rules",
  oci_identity_compartment: "name description enable_delete",
  oci_identity_policy: "name description statements version_date",
  oci_budget_budget: "display_name description amount reset_period target_type targets processing_period_type",
  oci_budget_alert_rule: "budget_id display_name description type threshold_type threshold recipients message",
  oci_limits_quota: "name description statements",
  oci_load_balancer_load_balancer:
    "display_name shape shape_details subnet_ids is_private network_security_group_ids reserved_ips",
  terraform_data: "input triggers_replace",
};

/** Whether a kind of resource is free within the allowance. */
export function isFreeResource(type: string): boolean {
  return Object.hasOwn(free, type);
}

/** The arguments that the provider does not know for a kind of resource; none where the kind itself is not known here. */
export function unknownArguments(type: string, names: readonly string[]): readonly string[] {
  const known = free[type];
  if (known === undefined) return [];
  const all = new Set([...everywhere, ...tagged, ...known.split(" ")]);
  return names.filter((name) => !all.has(name));
}
