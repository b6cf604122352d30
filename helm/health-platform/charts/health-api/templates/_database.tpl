{{/* Where the database is and who signs in. The argument is the role and the chart's context; the password is a mounted file. */}}
{{- define "health-api.database" -}}
{{- $database := (index . 1).Values.database -}}
- { name: DATABASE_HOST, value: {{ $database.host | quote }} }
- { name: DATABASE_PORT, value: {{ $database.port | quote }} }
- { name: DATABASE_NAME, value: {{ $database.name | quote }} }
- { name: DATABASE_ROLE, value: {{ index . 0 | quote }} }
- { name: DATABASE_PASSWORD_FILE, value: /passwords/password }
{{- end }}
