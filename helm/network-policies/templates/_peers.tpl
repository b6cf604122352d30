{{/* What a rule says of a peer, as a list of selectors; nothing for a peer whose addresses this installation does not name. */}}
{{- define "network-policies.selectors" -}}
{{- $peer := . }}
{{- if $peer.everyNamespace }}
- namespaceSelector: {}
{{- else if hasKey $peer "cidrs" }}
{{- range $peer.cidrs }}
- ipBlock:
    cidr: {{ . }}
    {{- with $peer.except }}
    except: {{- toYaml . | nindent 6 }}
    {{- end }}
{{- end }}
{{- else }}
{{- range $namespace := $peer.namespaces | default (list $peer.namespace) }}
- namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ $namespace }} } }
  podSelector: {{ toJson (ternary (dict "matchLabels" $peer.pods) (dict) (gt (len $peer.pods) 0)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* One side of a peer's rules. The argument: `own` (the peer's name), `side` ("from" or "to": where the others stand), `context`. */}}
{{- define "network-policies.rules" -}}
{{- $side := .side }}
{{- $mine := ternary "to" "from" (eq $side "from") }}
{{- $context := .context }}
{{- $own := .own }}
{{- range $name, $connection := $context.Values.connections }}
{{- if and $connection (has $own (index $connection $mine)) }}
{{- $selectors := "" }}
{{- range $other := index $connection $side }}
{{- $peer := index $context.Values.peers $other }}
{{- if not $peer }}{{ fail (printf "connections.%s names %s, which is not in peers" $name $other) }}{{ end }}
{{- $selectors = print $selectors (include "network-policies.selectors" $peer) }}
{{- end }}
{{- /* A rule without a peer would let everybody in: it is left out instead. */}}
{{- if trim $selectors }}
- {{ $side }}: {{- $selectors | nindent 4 }}
  {{- with $connection.ports }}
  ports:
    {{- range . }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
