output "kubeconfig_command" {
  description = "Writes an administrator's kubeconfig, for installing helm/harness-access; the harness itself never runs as administrator."
  value       = "${module.platform.kubeconfig_command} ~/.kube/oke-proof-production-admin"
}

output "cluster_id" {
  description = "OCID of the cluster."
  value       = module.platform.cluster_id
}

output "load_balancer_annotations" {
  description = "For helm/health-platform: webauthn-stack.service.annotations."
  value       = module.platform.load_balancer_annotations
}

output "buckets" {
  description = "Names of the buckets by what they hold."
  value       = module.platform.buckets
}

output "totals" {
  description = "What this environment takes of the allowance."
  value       = module.platform.totals
}

# terraform output -json oke_proof_profile > profile.json, then OKE_PROOF_PROFILE=profile.json oke-proof validate --env oke-production
output "oke_proof_profile" {
  description = "What oke-proof must know of this environment: laid over the profile oke-production."
  value = merge(
    {
      nodes = { count = module.platform.totals.nodes }
      ingress = {
        https = [{ host = var.hostname, port = 443 }]
        http  = [{ host = var.hostname, port = 80 }]
        routes = [
          for path in ["/healthz", "/readyz"] : {
            host    = var.hostname
            path    = path
            status  = 200
            backend = { header = "x-oke-proof-backend", value = "health-api" }
          }
        ]
      }
    },
    length(var.ingress_addresses) == 0 ? {} : {
      dns = { ingress = { records = [{ name = var.hostname, type = "A", answers = var.ingress_addresses }] } }
    }
  )
}
