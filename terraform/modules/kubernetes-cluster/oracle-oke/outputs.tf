output "cluster_id" {
  description = "OCID of the cluster."
  value       = oci_containerengine_cluster.platform.id
}

output "kubeconfig_command" {
  description = "Writes an administrator's kubeconfig. It holds no secret: the oci command line signs each request."
  value       = "oci ce cluster create-kubeconfig --cluster-id ${oci_containerengine_cluster.platform.id} --region ${var.region} --token-version 2.0.0 --kube-endpoint PUBLIC_ENDPOINT --file"
}

output "load_balancer_annotations" {
  description = "Annotations of the one Service of type LoadBalancer: the gateway's."
  value       = local.load_balancer_annotations
}

output "object_storage_namespace" {
  description = "Namespace of the buckets; also the first label of the S3-compatible address."
  value       = data.oci_objectstorage_namespace.tenancy.namespace
}

output "buckets" {
  description = "Names of the buckets by what they hold: velero, dumps, state, health-data, probe."
  value       = { for key, bucket in oci_objectstorage_bucket.platform : key => bucket.name }
}

output "totals" {
  description = "What the configuration asks for, to be held against the allowance."
  value = {
    nodes           = local.nodes_total
    ocpus           = local.ocpus_total
    memory_gb       = local.memory_gb_total
    boot_volume_gb  = local.boot_volume_gb_total
    block_volume_gb = local.block_volume_gb_total
  }
}
