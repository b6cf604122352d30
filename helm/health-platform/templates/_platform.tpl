{{/* Labels of every object. The argument is the object's app name and the chart's context. */}}
{{- define "platform.labels" -}}
{{ include "platform.selector" . }}
app.kubernetes.io/part-of: health-platform
app.kubernetes.io/managed-by: {{ (index . 1).Release.Service }}
helm.sh/chart: {{ (index . 1).Chart.Name }}-{{ (index . 1).Chart.Version }}
{{- end }}

{{/* The labels that a workload is found by; they must never change. */}}
{{- define "platform.selector" -}}
app.kubernetes.io/name: {{ index . 0 }}
app.kubernetes.io/instance: {{ (index . 1).Release.Name }}
{{- end }}

{{/* What Pod Security `restricted` asks of a container, and a root file system that nothing is written to. */}}
{{- define "platform.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The image of fixtures/apps. */}}
{{- define "platform.appsImage" -}}
{{ required "global.images.apps: the full reference of the image of fixtures/apps" .Values.global.images.apps | quote }}
{{- end }}

{{/* Where a service sends its traces. */}}
{{- define "platform.tracingEnvironment" -}}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .Values.global.tracing.otlpEndpoint | quote }} }
{{- end }}

{{/* By what a service verifies tokens. */}}
{{- define "platform.tokenEnvironment" -}}
- { name: TOKEN_ISSUER, value: {{ .Values.global.tokens.issuer | quote }} }
- { name: TOKEN_AUDIENCE, value: {{ .Values.global.tokens.audience | quote }} }
- { name: TOKEN_JWKS_URL, value: {{ .Values.global.tokens.jwksUrl | quote }} }
{{- end }}

{{/* Switches of planted defects, where they are allowed: a mount and its volume. */}}
{{- define "platform.defectsMount" -}}
{{- if .Values.global.plantedDefects.allowed -}}
- { name: planted-defects, mountPath: /defects, readOnly: true }
{{- end -}}
{{- end }}
{{- define "platform.defectsVolume" -}}
{{- if .Values.global.plantedDefects.allowed -}}
- name: planted-defects
  configMap: { name: planted-defects, optional: true }
{{- end -}}
{{- end }}
