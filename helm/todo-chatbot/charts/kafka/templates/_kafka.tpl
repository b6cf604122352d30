{{/* Labels of every object. The argument is the object's app name and the chart's context. */}}
{{- define "kafka.labels" -}}
{{ include "kafka.selector" . }}
app.kubernetes.io/part-of: todo-chatbot
app.kubernetes.io/managed-by: {{ (index . 1).Release.Service }}
helm.sh/chart: {{ (index . 1).Chart.Name }}-{{ (index . 1).Chart.Version }}
{{- end }}

{{/* The labels that a workload is found by; they must never change. */}}
{{- define "kafka.selector" -}}
app.kubernetes.io/name: {{ index . 0 }}
app.kubernetes.io/instance: {{ (index . 1).Release.Name }}
{{- end }}

{{/* What Pod Security `restricted` asks of a pod, as the image's own user. */}}
{{- define "kafka.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.image.runAsUser }}
runAsGroup: {{ .Values.image.runAsGroup }}
fsGroup: {{ .Values.image.runAsGroup }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* What it asks of a container, and a root file system that nothing is written to. */}}
{{- define "kafka.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The beginning of every Java command of the image; its heap is small unless JAVA_TOOL_OPTIONS says otherwise. */}}
{{- define "kafka.java" -}}
- {{ .Values.image.java }}
- -cp
- {{ .Values.image.classPath | quote }}
- -Dlog4j.configuration=file:/etc/kafka/log4j.properties
{{- end }}
