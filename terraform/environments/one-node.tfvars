# One node of all that is free, for an environment whose data must survive:
#
#   terraform plan -var-file=../one-node.tfvars
#
# One boot volume less leaves room for two volume claims (150 of 200 GB), so that both databases keep theirs. The price is the second node: while the only one
# is replaced or lost, the platform is down.
volume_claims = 2
node_pools = {
  general = { nodes = 1, ocpus = 2, memory_gb = 12, boot_volume_gb = 50 }
}
