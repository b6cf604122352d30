# What the configuration asks for, in sums. Nothing here needs the provider, so that the sums can be had before there is an account.

locals {
  node_shape = "VM.Standard.A1.Flex"

  nodes_total          = sum([for pool in values(var.node_pools) : pool.nodes])
  ocpus_total          = sum([for pool in values(var.node_pools) : pool.nodes * pool.ocpus])
  memory_gb_total      = sum([for pool in values(var.node_pools) : pool.nodes * pool.memory_gb])
  boot_volume_gb_total = sum([for pool in values(var.node_pools) : pool.nodes * pool.boot_volume_gb])

  # The driver of block volumes rounds every claim up to 50 GB.
  claim_gb_total        = var.volume_claims * 50
  block_volume_gb_total = local.boot_volume_gb_total + local.claim_gb_total

  # Quotas refuse more than the allowance, unless somebody said that it may cost money; then they refuse more than was asked for.
  ocpus_quota           = var.accept_charges ? max(var.allowance.ocpus, local.ocpus_total) : var.allowance.ocpus
  memory_gb_quota       = var.accept_charges ? max(var.allowance.memory_gb, local.memory_gb_total) : var.allowance.memory_gb
  block_volume_gb_quota = var.accept_charges ? max(var.allowance.block_volume_gb, local.block_volume_gb_total) : var.allowance.block_volume_gb

  tags = { "managed-by" = "terraform", "platform" = var.name }
}
