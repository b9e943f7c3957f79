{{/* Addresses of the backing services, in the release or outside. */}}
{{- define "mien.nats.url" -}}
{{- if eq (toString .Values.nats.deploy) "true" -}}nats://{{ include "mien.fullname" . }}-nats:4222
{{- else -}}{{ .Values.nats.external.url }}{{- end -}}
{{- end -}}

{{- define "mien.nats.monitoring" -}}
{{- if eq (toString .Values.nats.deploy) "true" -}}{{ include "mien.fullname" . }}-nats.{{ .Release.Namespace }}.svc:8222
{{- else -}}{{ .Values.nats.external.monitoringEndpoint }}{{- end -}}
{{- end -}}

{{- define "mien.qdrant.url" -}}
{{- if eq (toString .Values.qdrant.deploy) "true" -}}http://{{ include "mien.fullname" . }}-qdrant:6333
{{- else -}}{{ .Values.qdrant.external.url }}{{- end -}}
{{- end -}}

{{- define "mien.objectStore.endpoint" -}}
{{- if eq (toString .Values.objectStore.deploy) "true" -}}http://{{ include "mien.fullname" . }}-minio:9000
{{- else -}}{{ .Values.objectStore.external.endpoint }}{{- end -}}
{{- end -}}

{{/* What release and deployed server agree on: name of the component of a backing service. */}}
{{- define "mien.backing.component" -}}
{{- if eq . "objectStore" -}}minio{{- else -}}{{ . }}{{- end -}}
{{- end -}}
