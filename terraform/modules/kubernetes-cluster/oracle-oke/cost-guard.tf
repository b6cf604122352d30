# Three guards, from soft to hard: a budget that tells (a day late), and quotas that refuse.

resource "oci_budget_budget" "platform" {
  compartment_id = var.tenancy_id
  display_name   = var.name
  description    = "The platform costs nothing; this says so when it does."
  amount         = var.budget_amount
  reset_period   = "MONTHLY"
  target_type    = "COMPARTMENT"
  # The whole tenancy: what leaks may lie in any compartment.
  targets       = [var.tenancy_id]
  freeform_tags = local.tags
}

resource "oci_budget_alert_rule" "first_cent" {
  budget_id      = oci_budget_budget.platform.id
  display_name   = "${var.name}-first-cent"
  description    = "Something is billed."
  type           = "ACTUAL"
  threshold_type = "ABSOLUTE"
  threshold      = 0.01
  recipients     = join(",", var.budget_recipients)
  message        = "The tenancy of ${var.name} is being billed. Cost Analysis, grouped by SKU, names what it is."
}

resource "oci_budget_alert_rule" "forecast" {
  budget_id      = oci_budget_budget.platform.id
  display_name   = "${var.name}-forecast"
  description    = "The month will end above the budget."
  type           = "FORECAST"
  threshold_type = "PERCENTAGE"
  threshold      = 100
  recipients     = join(",", var.budget_recipients)
  message        = "The month's forecast for the tenancy of ${var.name} is above its budget of ${var.budget_amount}."
}

locals {
  at_home = "where request.region = '${var.region}'"

  # Within one quota the later statement wins: first nothing anywhere, then the allowance at home. A node needs the quota of its domain and of its region.
  quota_statements = [
    "zero compute-core quotas in tenancy",
    "set compute-core quota standard-a1-core-count to ${local.ocpus_quota} in tenancy ${local.at_home}",
    "set compute-core quota standard-a1-core-regional-count to ${local.ocpus_quota} in tenancy ${local.at_home}",
    "zero compute-memory quotas in tenancy",
    "set compute-memory quota standard-a1-memory-count to ${local.memory_gb_quota} in tenancy ${local.at_home}",
    "set compute-memory quota standard-a1-memory-regional-count to ${local.memory_gb_quota} in tenancy ${local.at_home}",
    # Block storage is counted in each domain: one of them is allowed.
    "zero block-storage quota total-storage-gb in tenancy",
    "set block-storage quota total-storage-gb to ${local.block_volume_gb_quota} in tenancy where request.ad = '${local.availability_domain}'",
    "set block-storage quota backup-count to ${var.allowance.volume_backups} in tenancy",
    "set object-storage quota storage-bytes to ${var.allowance.object_storage_gb * 1000000000} in tenancy",
    "zero load-balancer quota lb-100mbps-count in tenancy",
    "zero load-balancer quota lb-400mbps-count in tenancy",
    "zero load-balancer quota lb-8000mbps-count in tenancy",
    "set load-balancer quota lb-flexible-count to 1 in tenancy",
    "set load-balancer quota lb-flexible-bandwidth-sum to ${local.load_balancer_mbps} in tenancy",
    "zero database quotas in tenancy",
    "zero filesystem quotas in tenancy",
  ]
}

resource "oci_limits_quota" "allowance" {
  compartment_id = var.tenancy_id
  name           = "${var.name}-allowance"
  description    = "Refuses what the free allowance does not carry."
  statements     = local.quota_statements
  freeform_tags  = local.tags
}
