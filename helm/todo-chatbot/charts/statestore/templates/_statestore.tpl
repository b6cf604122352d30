{{/* Labels of every object. The argument is the object's app name and the chart's context. */}}
{{- define "statestore.labels" -}}
{{ include "statestore.selector" . }}
app.kubernetes.io/part-of: todo-chatbot
app.kubernetes.io/managed-by: {{ (index . 1).Release.Service }}
helm.sh/chart: {{ (index . 1).Chart.Name }}-{{ (index . 1).Chart.Version }}
{{- end }}

{{/* The labels that a workload is found by; they must never change. */}}
{{- define "statestore.selector" -}}
app.kubernetes.io/name: {{ index . 0 }}
app.kubernetes.io/instance: {{ (index . 1).Release.Name }}
{{- end }}

{{/* What Pod Security `restricted` asks of a container, and a root file system that nothing is written to. */}}
{{- define "statestore.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}
