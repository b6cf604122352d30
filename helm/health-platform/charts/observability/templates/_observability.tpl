{{/* Who the pod is, as Pod Security `restricted` asks. Files of the group 65532 are its own. */}}
{{- define "observability.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* Images and what a pod needs to pull them; the argument is the chart's context. */}}
{{- define "observability.pull" -}}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* An HTTP readiness and liveness probe of a server that starts slowly on a busy node. The argument is the path and the port. */}}
{{- define "observability.probes" -}}
readinessProbe:
  httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }} }
  periodSeconds: 5
  timeoutSeconds: 5
livenessProbe:
  httpGet: { path: {{ index . 0 }}, port: {{ index . 1 }} }
  initialDelaySeconds: 60
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 6
{{- end }}

{{/* The volume `data` of a StatefulSet: a claim, or the node's own disk. The argument is the component's `storage` and the context. */}}
{{- define "observability.dataClaim" -}}
{{- $storage := index . 0 -}}
{{- if $storage.persistent }}
volumeClaimTemplates:
  - metadata: { name: data }
    spec:
      accessModes: [ReadWriteOnce]
      {{- with (index . 1).Values.global.storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources: { requests: { storage: {{ $storage.size }} } }
{{- end }}
{{- end }}

{{/* The same volume where it is not a claim: an entry of the pod's volumes. */}}
{{- define "observability.dataVolume" -}}
{{- if not .persistent }}
- { name: data, emptyDir: { sizeLimit: {{ .size }} } }
{{- end }}
{{- end }}
