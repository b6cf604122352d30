/** Rights that the charts and manifests of others give their controllers, each as it is given and no more. */
import type { Posture } from "./posture.ts";

type Accounts = Posture["rights"]["accounts"];

const dapr: Accounts = [
  {
    namespace: "dapr-system",
    name: "dapr-injector",
    rights: [
      "get configurations.dapr.io,secrets:dapr-trust-bundle,statefulsets.apps @dapr-system",
      "get,list components.dapr.io,serviceaccounts @cluster",
      "patch mutatingwebhookconfigurations.admissionregistration.k8s.io:dapr-sidecar-injector @cluster",
    ],
    why: "Dapr's own chart: gives new pods a sidecar, and its webhook the authority that signs its certificate",
  },
  {
    namespace: "dapr-system",
    name: "dapr-operator",
    rights: [
      "get,list,watch,create,update leases.coordination.k8s.io:operator.dapr.io,leases.coordination.k8s.io:webhooks.dapr.io @dapr-system",
      "get,list,watch,create,update configmaps:operator.dapr.io,configmaps:webhooks.dapr.io @dapr-system",
      "create configmaps,events,leases.coordination.k8s.io @dapr-system",
      "get,patch customresourcedefinitions.apiextensions.k8s.io @cluster",
      "get,list,watch components.dapr.io,configurations.dapr.io,httpendpoints.dapr.io,resiliencies.dapr.io @cluster",
      "get,list,watch subscriptions.dapr.io,deployments.apps,statefulsets.apps,secrets @cluster",
      "get,list,watch,update deployments.apps/finalizers,statefulsets.apps/finalizers @cluster",
      "get,list,watch,delete pods @cluster",
      "get,list,watch,create,update,delete services @cluster",
      "get,list,watch,create,update services/finalizers @cluster",
    ],
    why: "Dapr's own chart: hands components with their secrets to sidecars in every namespace; it has no narrower setting that serves ours",
  },
  {
    namespace: "dapr-system",
    name: "dapr-sentry",
    rights: [
      "get,update,delete secrets:dapr-trust-bundle @dapr-system",
      "get,list,watch,update configmaps:dapr-trust-bundle @dapr-system",
      "get,list,watch configurations.dapr.io @dapr-system",
      "create tokenreviews.authentication.k8s.io @cluster",
      "get,list,watch configurations.dapr.io,pods @cluster",
    ],
    why: "Dapr's own chart: signs the sidecars' certificates after it has asked whose token came with the request",
  },
];

/** What a deployment is made of in the delivery's namespaces. */
const deployed = [
  "configmaps,persistentvolumeclaims,serviceaccounts,services,cronjobs.batch,jobs.batch",
  "daemonsets.apps,deployments.apps,statefulsets.apps,horizontalpodautoscalers.autoscaling,poddisruptionbudgets.policy",
  "backendtrafficpolicies.gateway.envoyproxy.io,clienttrafficpolicies.gateway.envoyproxy.io",
  "envoyproxies.gateway.envoyproxy.io,securitypolicies.gateway.envoyproxy.io,referencegrants.gateway.networking.k8s.io",
  "gateways.gateway.networking.k8s.io,httproutes.gateway.networking.k8s.io,sealedsecrets.bitnami.com",
  "components.dapr.io,configurations.dapr.io,subscriptions.dapr.io",
].map((resources) => `get,list,watch,create,update,patch,delete ${resources} @delivery`);

const operations: Accounts = [
  {
    namespace: "argocd",
    name: "argocd-application-controller",
    rights: [
      "get,list,watch configmaps,deployments.apps,secrets @argocd",
      "get,list,watch,create,update,patch,delete applications.argoproj.io,applicationsets.argoproj.io,appprojects.argoproj.io @argocd",
      "create,list events @argocd",
      ...deployed,
      "get,list,watch controllerrevisions.apps,endpoints,events,pods,replicasets.apps @delivery",
    ],
    why: "Argo CD's own roles in its namespace; in those that it delivers to, what applications are made of, and neither secrets nor roles",
  },
  {
    namespace: "argocd",
    name: "argocd-redis",
    rights: ["get secrets:argocd-redis @argocd", "create secrets @argocd"],
    why: "Argo CD's own role: its cache makes its password at the first start",
  },
  {
    namespace: "sealed-secrets",
    name: "sealed-secrets-controller",
    rights: [
      "get secrets:sealed-secrets-key @sealed-secrets",
      "create,list secrets @sealed-secrets",
      "get,list,watch,create,update,delete secrets @cluster",
      "get,list,watch sealedsecrets.bitnami.com @cluster",
      "update sealedsecrets.bitnami.com/status @cluster",
      "create,patch events @cluster",
    ],
    why: "its own chart: makes secrets wherever a sealed one stands, and keeps the keys that open them",
  },
  {
    namespace: "velero",
    name: "velero",
    rights: ["* *.* @cluster", "* /* @cluster"],
    why: "Velero's own installer: restores whatever was backed up, roles and secrets too, and knows no narrower right that would do",
  },
];

export const thirdPartyRights: Accounts = [...dapr, ...operations];
