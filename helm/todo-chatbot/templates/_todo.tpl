{{/* Labels of every object. The argument is the object's app name and the chart's context. */}}
{{- define "todo.labels" -}}
{{ include "todo.selector" . }}
app.kubernetes.io/part-of: todo-chatbot
app.kubernetes.io/managed-by: {{ (index . 1).Release.Service }}
helm.sh/chart: {{ (index . 1).Chart.Name }}-{{ (index . 1).Chart.Version }}
{{- end }}

{{/* The labels that a workload is found by; they must never change. */}}
{{- define "todo.selector" -}}
app.kubernetes.io/name: {{ index . 0 }}
app.kubernetes.io/instance: {{ (index . 1).Release.Name }}
{{- end }}

{{/*
A service of fixtures/apps with its Dapr sidecar: account, Service, Deployment and disruption budget.
The argument: `name`, `root` (the chart's context), `appPort` (what the sidecar delivers to) and `usesDapr`
(whether the service itself asks Dapr for anything, secrets among it: then the sidecar needs the account's token),
`environment` (a list of variables, as YAML).
*/}}
{{- define "todo.service" -}}
{{- $root := .root }}
{{- $about := list .name $root }}
{{- $values := $root.Values }}
{{- $global := $values.global }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "todo.labels" $about | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "todo.labels" $about | nindent 4 }}
spec:
  selector: {{- include "todo.selector" $about | nindent 4 }}
  ports:
    - { name: http, port: 80, targetPort: http, appProtocol: http }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "todo.labels" $about | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "todo.selector" $about | nindent 6 }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "todo.labels" $about | nindent 4 }}
spec:
  {{- if not $values.autoscaling }}
  replicas: {{ $values.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "todo.selector" $about | nindent 6 }}
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  template:
    metadata:
      labels: {{- include "todo.selector" $about | nindent 8 }}
        oke-proof/connects-as: {{ .name }}
      annotations:
        dapr.io/enabled: "true"
        dapr.io/app-id: {{ .name }}
        dapr.io/app-port: {{ .appPort | quote }}
        dapr.io/config: todo
        dapr.io/disable-builtin-k8s-secret-store: "true"
        dapr.io/sidecar-cpu-request: {{ $global.sidecar.requests.cpu | quote }}
        dapr.io/sidecar-memory-request: {{ $global.sidecar.requests.memory | quote }}
        dapr.io/sidecar-cpu-limit: {{ $global.sidecar.limits.cpu | quote }}
        dapr.io/sidecar-memory-limit: {{ $global.sidecar.limits.memory | quote }}
        dapr.io/sidecar-readiness-probe-delay-seconds: "1"
        dapr.io/sidecar-readiness-probe-period-seconds: "2"
        # A busy node must not cost a sidecar its life.
        dapr.io/sidecar-liveness-probe-period-seconds: "20"
        dapr.io/sidecar-liveness-probe-threshold: "6"
        # A sidecar outlives its service, which answers with its help until the last (preStop, and the service's own seconds after it).
        dapr.io/block-shutdown-duration: 15s
        prometheus.io/scrape: "true"
        prometheus.io/port: "8080"
    spec:
      serviceAccountName: {{ .name }}
      automountServiceAccountToken: {{ .usesDapr }}
      terminationGracePeriodSeconds: 30
      {{- with $global.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- /* No matchLabelKeys: the API server writes them into a pod's selector, and refuses the same pod when a backup brings it back (Kubernetes 1.34). */}}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "todo.selector" $about | nindent 14 }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        seccompProfile: { type: RuntimeDefault }
      initContainers:
        # A sidecar that is kept waiting by its control plane, or by a component, ends itself: it starts when they can be reached from here.
        - name: wait
          image: {{ $global.images.apps | quote }}
          imagePullPolicy: {{ $global.imagePullPolicy }}
          command: [node, /app/dapr/wait-for.ts{{ range concat $global.waitFor.sidecar (ternary $global.waitFor.components (list) .usesDapr) }}, {{ . | quote }}{{ end }}]
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      containers:
        - name: {{ .name }}
          image: {{ required "global.images.apps: the full reference of the image of fixtures/apps" $global.images.apps | quote }}
          imagePullPolicy: {{ $global.imagePullPolicy }}
          command: [node, /app/{{ .name }}/main.ts]
          env:
            - { name: PORT, value: "8080" }
            - { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $global.tracing.otlpEndpoint | quote }} }
            {{- with .environment }}
            {{- . | nindent 12 }}
            {{- end }}
          ports:
            - { name: http, containerPort: 8080 }
          # Other sidecars find this one by DNS, whose answers live for 5 s: until they have gone it answers as before.
          lifecycle: { preStop: { sleep: { seconds: 7 } } }
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          # Of the process alone: a sidecar or a store that is away must not restart it. Generous, since a busy node must not either.
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            initialDelaySeconds: 15
            periodSeconds: 20
            timeoutSeconds: 10
            failureThreshold: 6
          {{- if $global.plantedDefects.allowed }}
          volumeMounts:
            - { name: planted-defects, mountPath: /defects, readOnly: true }
          {{- end }}
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      {{- if $global.plantedDefects.allowed }}
      volumes:
        - name: planted-defects
          configMap: { name: planted-defects, optional: true }
      {{- end }}
{{- end }}
