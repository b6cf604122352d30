# Where

variable "tenancy_id" {
  description = "OCID of the tenancy: budget and quotas live there."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.tenancy_id, "ocid1.tenancy.")
    error_message = "tenancy_id must be the OCID of a tenancy (ocid1.tenancy. ...): Console, Profile, Tenancy."
  }
}

variable "compartment_id" {
  description = "OCID of the compartment that holds the platform, and nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.compartment_id, "ocid1.compartment.")
    error_message = "compartment_id must be the OCID of a compartment (ocid1.compartment. ...), not the tenancy itself."
  }
}

variable "region" {
  description = "The tenancy's home region: what lies elsewhere is billed."
  type        = string
  nullable    = false
}

variable "availability_domain_number" {
  description = "Which availability domain of the region holds the nodes, from 1. One only: block volumes cannot follow a pod to another."
  type        = number
  nullable    = false
  default     = 1

  validation {
    condition     = contains([1, 2, 3], var.availability_domain_number)
    error_message = "availability_domain_number must be 1, 2 or 3; most regions have one domain."
  }
}

variable "name" {
  description = "What every object is called after, for example oke-proof-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 30 characters: lower case letters, digits and dashes, with a letter first."
  }
}

# Kubernetes

variable "kubernetes_version" {
  description = "Kubernetes version that OKE offers, for example from: oci ce cluster-options get --cluster-option-id all. No default: the offer changes every few months."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^v1\\.[0-9]+\\.[0-9]+$", var.kubernetes_version))
    error_message = "kubernetes_version must read like v1.34.2."
  }
}

variable "api_allowed_cidrs" {
  description = "Networks that may reach the Kubernetes API: your office, your runners."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.api_allowed_cidrs) > 0 && alltrue([for cidr in var.api_allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "api_allowed_cidrs must name at least one network in CIDR form, for example 198.51.100.7/32."
  }

  validation {
    condition     = alltrue([for cidr in var.api_allowed_cidrs : !endswith(cidr, "/0")])
    error_message = "api_allowed_cidrs must not hold the whole internet (/0)."
  }
}

# Nodes: VM.Standard.A1.Flex, the only shape of the free allowance that OKE takes.

variable "node_pools" {
  description = "Node pools by name. OCPUs are whole numbers of at least 1 a node; boot volumes are at least 50 GB, which is OKE's own minimum."
  type = map(object({
    nodes          = number
    ocpus          = number
    memory_gb      = number
    boot_volume_gb = optional(number, 50)
  }))
  nullable = false
  default = {
    general = { nodes = 2, ocpus = 1, memory_gb = 6, boot_volume_gb = 50 }
  }

  validation {
    condition     = length(var.node_pools) > 0
    error_message = "node_pools must hold at least one pool."
  }

  validation {
    condition = alltrue([
      for pool in values(var.node_pools) :
      pool.nodes >= 1 && pool.ocpus >= 1 && floor(pool.ocpus) == pool.ocpus && floor(pool.nodes) == pool.nodes && pool.memory_gb >= 1 && pool.boot_volume_gb >= 50
    ])
    error_message = "Each pool needs whole numbers of nodes and OCPUs of at least 1, at least 1 GB of memory, and boot volumes of at least 50 GB."
  }

  validation {
    condition     = var.accept_charges || sum([for pool in values(var.node_pools) : pool.nodes * pool.ocpus]) <= var.allowance.ocpus
    error_message = "node_pools ask for more OCPUs than the free allowance carries. Ask for less, or set accept_charges = true and pay for the rest."
  }

  validation {
    condition     = var.accept_charges || sum([for pool in values(var.node_pools) : pool.nodes * pool.memory_gb]) <= var.allowance.memory_gb
    error_message = "node_pools ask for more memory than the free allowance carries. Ask for less, or set accept_charges = true and pay for the rest."
  }
}

variable "node_image_id" {
  description = "OCID of an OKE image for aarch64 that all nodes start from. Null: the newest that OKE offers for kubernetes_version."
  type        = string
  default     = null
}

variable "node_cycling" {
  description = "Whether OKE replaces nodes by itself after a change of the pool. One at a time and never an additional one, which would leave the allowance."
  type        = bool
  nullable    = false
  default     = false
}

variable "private_nodes" {
  description = "Nodes without public addresses, behind a NAT and a service gateway. A free-only tenancy often has a limit of 0 for both gateways."
  type        = bool
  nullable    = false
  default     = false
}

# Storage

variable "volume_claims" {
  description = "How many PersistentVolumeClaims the charts will make. OKE makes 50 GB of each, however little it asks for."
  type        = number
  nullable    = false
  default     = 1

  validation {
    condition     = var.volume_claims >= 0 && floor(var.volume_claims) == var.volume_claims
    error_message = "volume_claims must be a whole number."
  }

  validation {
    condition = var.accept_charges || (
      sum([for pool in values(var.node_pools) : pool.nodes * pool.boot_volume_gb]) + var.volume_claims * 50
      <= var.allowance.block_volume_gb * var.allowance.block_volume_percent_max / 100
    )
    error_message = "Boot volumes and 50 GB a claim go beyond 80 % of the free block storage. Fewer nodes, fewer claims, or accept_charges = true."
  }
}

variable "dump_retention_days" {
  description = "After how many days a database dump is deleted."
  type        = number
  nullable    = false
  default     = 14

  validation {
    condition     = var.dump_retention_days >= 1 && var.dump_retention_days <= 90
    error_message = "dump_retention_days must lie between 1 and 90: the buckets share 10 GB."
  }
}

# Cost

variable "accept_charges" {
  description = "True says: this may cost money. Lifts the checks of this module, and its quotas to what is asked for."
  type        = bool
  nullable    = false
  default     = false
}

variable "allowance" {
  description = "What Oracle grants for nothing, in the whole tenancy. The default is in force since June 2026; before that it was 4 OCPUs and 24 GB."
  type = object({
    ocpus                    = number
    memory_gb                = number
    block_volume_gb          = number
    block_volume_percent_max = number
    volume_backups           = number
    object_storage_gb        = number
  })
  nullable = false
  default = {
    ocpus                    = 2
    memory_gb                = 12
    block_volume_gb          = 200
    block_volume_percent_max = 80
    volume_backups           = 5
    # Standard tier of a pay-as-you-go account; a free-only tenancy has 20 for all tiers together.
    object_storage_gb = 10
  }
}

variable "budget_amount" {
  description = "Budget of a month, in the currency of the tenancy's rate card. Alerts come at the first cent whatever it is."
  type        = number
  nullable    = false
  default     = 1

  validation {
    condition     = var.budget_amount >= 1
    error_message = "budget_amount must be at least 1, the smallest that Oracle takes."
  }
}

variable "budget_recipients" {
  description = "Mail addresses that hear of the first cent."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.budget_recipients) > 0 && alltrue([for address in var.budget_recipients : can(regex("^[^@ ,;]+@[^@ ,;]+$", address))])
    error_message = "budget_recipients must hold at least one mail address: an alert that nobody gets is none."
  }
}
