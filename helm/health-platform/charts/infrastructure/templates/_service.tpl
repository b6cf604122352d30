{{/* Pull secrets, and the rules of Pod Security `restricted` for a pod. The argument is the chart's context, the user and the group. */}}
{{- define "infrastructure.pod" -}}
automountServiceAccountToken: false
{{- with (index . 0).Values.global.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ index . 1 }}
  runAsGroup: {{ index . 2 }}
  fsGroup: {{ index . 2 }}
  # A large volume need not be walked at every start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{/* The claim named data of a StatefulSet. The argument is the chart's context and the size. */}}
{{- define "infrastructure.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: data
  spec:
    accessModes: [ReadWriteOnce]
    {{- with (index . 0).Values.global.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources: { requests: { storage: {{ index . 1 }} } }
{{- end }}

{{/*
A Secret whose values are made once and kept, by upgrades and by an uninstall too: the volume that it opens is also kept.
The argument is the chart's context, the Secret's name, and a dict of key to value; a value left empty is made at random.
*/}}
{{- define "infrastructure.keptSecret" -}}
{{- $context := index . 0 }}
{{- $kept := (lookup "v1" "Secret" $context.Release.Namespace (index . 1)).data | default dict }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ index . 1 }}
  namespace: {{ $context.Release.Namespace }}
  labels: {{- include "platform.labels" (list (index . 1) $context) | nindent 4 }}
  annotations: { helm.sh/resource-policy: keep }
type: Opaque
data:
  {{- range $key, $value := index . 2 }}
  {{ $key }}: {{ get $kept $key | default (ternary (randAlphaNum 32) $value (empty $value) | b64enc) }}
  {{- end }}
{{- end }}

{{/* A headless Service with one port. The argument is the chart's context, the name, the port's name and its number. */}}
{{- define "infrastructure.headlessService" -}}
{{- $context := index . 0 }}
apiVersion: v1
kind: Service
metadata:
  name: {{ index . 1 }}
  namespace: {{ $context.Release.Namespace }}
  labels: {{- include "platform.labels" (list (index . 1) $context) | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "platform.selector" (list (index . 1) $context) | nindent 4 }}
  ports:
    - { name: {{ index . 2 }}, port: {{ index . 3 }}, targetPort: {{ index . 2 }} }
{{- end }}

{{/* Where the object store is and who signs in there: environment of a container that mounts its Secret at /object-store. */}}
{{- define "infrastructure.objectStore" -}}
- { name: OBJECT_STORE_HOST, value: {{ .Values.objectStore.host }} }
- { name: OBJECT_STORE_PORT, value: {{ .Values.objectStore.port | quote }} }
- { name: OBJECT_STORE_TLS, value: {{ .Values.objectStore.tls | quote }} }
- { name: OBJECT_STORE_REGION, value: {{ .Values.objectStore.region }} }
- { name: OBJECT_STORE_USER_FILE, value: /object-store/root-user }
- { name: OBJECT_STORE_PASSWORD_FILE, value: /object-store/root-password }
{{- end }}
