{{/* Labels of every object. The argument is the object's app name and the chart's context. */}}
{{- define "delivery.labels" -}}
app.kubernetes.io/name: {{ index . 0 }}
app.kubernetes.io/instance: {{ (index . 1).Release.Name }}
app.kubernetes.io/part-of: delivery
app.kubernetes.io/managed-by: {{ (index . 1).Release.Service }}
helm.sh/chart: {{ (index . 1).Chart.Name }}-{{ (index . 1).Chart.Version }}
{{- end }}

{{/* The Secret with the token of whoever may push. */}}
{{- define "delivery.pushSecret" -}}
{{ default "git-server-push" .Values.gitServer.existingSecret }}
{{- end }}
