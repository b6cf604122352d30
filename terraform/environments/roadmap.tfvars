# The roadmap's cluster: 3 nodes, 4 OCPUs, 24 GB of memory, 200 GB of block storage.
#
#   terraform plan -var-file=../roadmap.tfvars
#
# THIS MAY COST MONEY. It was free until June 2026. Since then Oracle grants 1,500 OCPU hours and 9,000 GB hours a month, in the whole tenancy, and a
# month of 31 days takes 2,976 and 17,856. At the list prices of 0.01 USD an OCPU hour and 0.0015 USD a GB hour that is
#
#   (2,976 - 1,500) x 0.01 + (17,856 - 9,000) x 0.0015 = 14.76 + 13.28 = 28.04 USD a month.
#
# Oracle's price list still shows the old allowance for pay-as-you-go accounts, in which case it is 0: the first bill tells. A free-only tenancy cannot have it
# at all. 4 OCPUs are not divisible by 3, hence two pools. 200 GB is all of the free block storage, beyond the 80 % that the roadmap itself asks to stay
# below, and leaves one volume claim. Two environments at once, or one claim more, cost more.
accept_charges = true
budget_amount  = 30
volume_claims  = 1
node_pools = {
  general = { nodes = 2, ocpus = 1, memory_gb = 6, boot_volume_gb = 50 }
  large   = { nodes = 1, ocpus = 2, memory_gb = 12, boot_volume_gb = 50 }
}
