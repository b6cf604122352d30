# What these mean, and what is refused, is said in the module's own variables.

variable "oci_profile" {
  description = "Profile in ~/.oci/config that Terraform signs its requests with."
  type        = string
  default     = "DEFAULT"
}

variable "tenancy_id" {
  description = "OCID of the tenancy."
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment that holds this environment, and nothing else."
  type        = string
}

variable "region" {
  description = "The tenancy's home region, for example eu-frankfurt-1."
  type        = string
}

variable "object_storage_namespace" {
  description = "Namespace of the tenancy's buckets: oci os ns get."
  type        = string
}

variable "availability_domain_number" {
  description = "Which availability domain holds the nodes, from 1: another one where Oracle is out of host capacity."
  type        = number
  default     = 1
}

variable "kubernetes_version" {
  description = "Kubernetes version that OKE offers now."
  type        = string
}

variable "api_allowed_cidrs" {
  description = "Networks that may reach the Kubernetes API."
  type        = list(string)
}

variable "hostname" {
  description = "Public name of the Health API."
  type        = string
}

variable "ingress_addresses" {
  description = "Addresses of the load balancer, once Kubernetes has made it: what the public name must resolve to."
  type        = list(string)
  default     = []
}

variable "node_pools" {
  description = "Node pools by name. The default is the whole free allowance: 2 OCPUs, 12 GB, 100 GB of boot volumes."
  type = map(object({
    nodes          = number
    ocpus          = number
    memory_gb      = number
    boot_volume_gb = optional(number, 50)
  }))
  default = {
    general = { nodes = 2, ocpus = 1, memory_gb = 6, boot_volume_gb = 50 }
  }
}

variable "private_nodes" {
  description = "Nodes without public addresses. Needs a NAT and a service gateway, which a free-only tenancy often may not have."
  type        = bool
  default     = false
}

variable "volume_claims" {
  description = "How many PersistentVolumeClaims the charts will make, at 50 GB each."
  type        = number
  default     = 1
}

variable "accept_charges" {
  description = "True says: this may cost money."
  type        = bool
  default     = false
}

variable "budget_amount" {
  description = "Budget of a month, in the currency of the tenancy's rate card."
  type        = number
  default     = 1
}

variable "budget_recipients" {
  description = "Mail addresses that hear of the first cent."
  type        = list(string)
}
