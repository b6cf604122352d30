{{/* Labels of every policy. */}}
{{- define "network-policies.labels" -}}
app.kubernetes.io/name: network-policies
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: oke-proof
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
