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

{{/* Where a service finds its data services. The argument is the settings of one; passwords and users are files of mounted Secrets. */}}
{{- define "platform.databaseEnvironment" -}}
- { name: DATABASE_HOST, value: {{ .host | quote }} }
- { name: DATABASE_PORT, value: {{ .port | quote }} }
- { name: DATABASE_NAME, value: {{ .name | quote }} }
- { name: DATABASE_PASSWORD_FILE, value: /secrets/database/password }
{{- end }}
{{- define "platform.redisEnvironment" -}}
- { name: REDIS_HOST, value: {{ .host | quote }} }
- { name: REDIS_PORT, value: {{ .port | quote }} }
- { name: REDIS_PASSWORD_FILE, value: /secrets/redis/password }
{{- end }}
{{- define "platform.brokerEnvironment" -}}
- { name: BROKER_HOST, value: {{ .host | quote }} }
- { name: BROKER_PORT, value: {{ .port | quote }} }
- { name: BROKER_CREDENTIALS, value: /secrets/broker }
{{- end }}
{{- define "platform.objectStoreEnvironment" -}}
- { name: OBJECT_STORE_HOST, value: {{ .host | quote }} }
- { name: OBJECT_STORE_PORT, value: {{ .port | quote }} }
- { name: OBJECT_STORE_TLS, value: {{ .tls | quote }} }
- { name: OBJECT_STORE_REGION, value: {{ .region | quote }} }
- { name: OBJECT_STORE_BUCKET, value: {{ .bucket | quote }} }
- { name: OBJECT_STORE_CREDENTIALS, value: /secrets/object-store }
{{- end }}

{{/* A volume of a Secret's keys under names of ours. The argument is the volume's name, the Secret's, and a map from file to key. */}}
{{- define "platform.secretVolume" -}}
- name: {{ index . 0 }}
  secret:
    secretName: {{ index . 1 }}
    defaultMode: 0440
    items:
      {{- range $file, $key := index . 2 }}
      - { key: {{ $key }}, path: {{ $file }} }
      {{- end }}
{{- end }}

{{/* What the pods of every service have in common: user, group, spread over nodes. The argument is the app's name and the chart's context. */}}
{{- define "platform.servicePod" -}}
serviceAccountName: {{ index . 0 }}
automountServiceAccountToken: false
terminationGracePeriodSeconds: 30
{{- with (index . 1).Values.global.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- /* No matchLabelKeys: the API server writes them into a pod's selector, and refuses the same pod when a backup brings it back (Kubernetes 1.34). */}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "platform.selector" . | nindent 8 }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* Probes of every service. */}}
{{- define "platform.serviceProbes" -}}
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
# Of the process alone: a dependency that is away must not restart it. Generous, since a busy node must not either.
livenessProbe:
  httpGet: { path: /healthz, port: http }
  initialDelaySeconds: 15
  periodSeconds: 20
  timeoutSeconds: 10
  failureThreshold: 6
{{- end }}

{{/* Annotations by which Prometheus finds a service's pods. */}}
{{- define "platform.scrapeAnnotations" -}}
prometheus.io/scrape: "true"
prometheus.io/port: "8080"
{{- end }}
