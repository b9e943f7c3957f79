{{/* Environment of a service's container: (dict "root" $ "name" "detector" "service" $service) */}}
{{- define "mien.environment" -}}
{{- $values := .root.Values -}}
{{- $service := .service -}}
{{- $uses := $service.uses | default list -}}
- { name: MIEN_LOG_LEVEL, value: {{ $values.logLevel | quote }} }
- { name: MIEN_BIND_ADDRESS, value: "0.0.0.0" }
- { name: MIEN_OPS_PORT, value: {{ $values.opsPort | quote }} }
- { name: MIEN_DATA_DIR, value: /var/lib/mien }
- { name: MIEN_DRAIN_DELAY_SECONDS, value: {{ $values.pods.drainDelaySeconds | quote }} }
- { name: MIEN_DRAIN_LIMIT_SECONDS, value: {{ $values.pods.drainLimitSeconds | quote }} }
{{- if $values.tls.plaintextAllowed }}
- { name: MIEN_PLAINTEXT_ALLOWED, value: "true" }
{{- end }}
{{- if $values.tls.internal.existingSecret }}
- { name: MIEN_INTERNAL_TLS_CERT_FILE, value: /etc/mien/internal-tls/tls.crt }
- { name: MIEN_INTERNAL_TLS_KEY_FILE, value: /etc/mien/internal-tls/tls.key }
- { name: MIEN_INTERNAL_TLS_CA_FILE, value: /etc/mien/internal-tls/ca.crt }
{{- end }}
{{- if $values.otlp.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $values.otlp.endpoint | quote }} }
{{- end }}
{{- if has "nats" $uses }}
{{ include "mien.environment.nats" (dict "root" .root "user" .name) }}
- { name: MIEN_BUS_PROVISION, value: {{ ternary "check" "make" $values.setup.natsProvision }} }
{{- end }}
{{ include "mien.environment.objectStore" .root }}
{{ include "mien.environment.encryption" .root }}
{{- if $service.stage }}
- { name: {{ ternary "MIEN_LIBRARY_CONCURRENCY" "MIEN_STAGE_CONCURRENCY" (eq .name "library") }}, value: {{ $service.concurrency | quote }} }
{{- end }}
{{- if $service.models }}
- { name: MIEN_MODEL_PACK, value: /opt/mien/models/manifest.json }
{{- end }}
{{- if $service.gpu }}
- { name: MIEN_INFERENCE_PROVIDER, value: cuda }
{{- end }}
{{- if eq .name "gateway" }}
{{ include "mien.environment.gateway" . }}
{{- else if $service.grpcPort }}
- { name: MIEN_GRPC_PORT, value: {{ $service.grpcPort | quote }} }
{{- end }}
{{- if has "postgres" $uses }}
{{ include "mien.environment.postgres" .root }}
{{- end }}
{{- if has "qdrant" $uses }}
- { name: MIEN_QDRANT_URL, value: {{ include "mien.qdrant.url" .root | quote }} }
{{- with $values.qdrant.existingSecret }}
- { name: MIEN_QDRANT_API_KEY, valueFrom: { secretKeyRef: { name: {{ . }}, key: api-key } } }
{{- end }}
{{- end }}
{{- range $name, $value := merge (deepCopy ($service.env | default dict)) $values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end -}}

{{- define "mien.environment.gateway" -}}
{{- $values := .root.Values -}}
- { name: MIEN_GATEWAY_GRPC_PORT, value: {{ .service.grpcPort | quote }} }
- { name: MIEN_GATEWAY_HTTP_PORT, value: {{ .service.httpPort | quote }} }
- { name: MIEN_GATEWAY_AUTH, value: keys }
- { name: MIEN_ADMIN_KEY_FILE, value: /etc/mien/admin/admin-key }
{{- with $values.services.library }}
{{- if .enabled }}
- { name: MIEN_LIBRARY_ADDRESS, value: "{{ include "mien.fullname" $.root }}-library:{{ .grpcPort }}" }
{{- end }}
{{- end }}
{{- if $values.tls.gateway.existingSecret }}
- { name: MIEN_TLS_CERT_FILE, value: /etc/mien/gateway-tls/tls.crt }
- { name: MIEN_TLS_KEY_FILE, value: /etc/mien/gateway-tls/tls.key }
{{- if $values.tls.gateway.clientCertificates }}
- { name: MIEN_TLS_CLIENT_CA_FILE, value: /etc/mien/gateway-tls/ca.crt }
{{- end }}
{{- end }}
{{- end -}}

{{/* (dict "root" $ "user" "detector"): address and credentials of the bus. */}}
{{- define "mien.environment.nats" -}}
{{- $nats := .root.Values.nats -}}
- { name: MIEN_NATS_URL, value: {{ include "mien.nats.url" .root | quote }} }
- { name: MIEN_STREAM_REPLICAS, value: {{ $nats.streamReplicas | quote }} }
{{- if eq $nats.auth "nkeys" }}
- { name: MIEN_NATS_NKEY_FILE, value: "/etc/mien/nats/{{ .user }}.nk" }
{{- else if eq $nats.auth "token" }}
- { name: MIEN_NATS_TOKEN, valueFrom: { secretKeyRef: { name: {{ $nats.existingSecret }}, key: token } } }
{{- end }}
{{- if $nats.tls.existingSecret }}
- { name: MIEN_NATS_TLS_CA_FILE, value: /etc/mien/nats-tls/ca.crt }
{{- if $nats.tls.clientCertificate }}
- { name: MIEN_NATS_TLS_CERT_FILE, value: /etc/mien/nats-tls/tls.crt }
- { name: MIEN_NATS_TLS_KEY_FILE, value: /etc/mien/nats-tls/tls.key }
{{- end }}
{{- end }}
{{- end -}}

{{- define "mien.environment.objectStore" -}}
{{- $store := .Values.objectStore -}}
- { name: MIEN_OBJECT_STORE, value: minio }
- { name: MIEN_S3_ENDPOINT, value: {{ include "mien.objectStore.endpoint" . | quote }} }
- { name: MIEN_S3_BUCKET, value: {{ $store.bucket | quote }} }
- { name: MIEN_S3_REGION, value: {{ $store.region | quote }} }
- { name: MIEN_S3_ACCESS_KEY, valueFrom: { secretKeyRef: { name: {{ $store.existingSecret }}, key: access-key } } }
- { name: MIEN_S3_SECRET_KEY, valueFrom: { secretKeyRef: { name: {{ $store.existingSecret }}, key: secret-key } } }
{{- end -}}

{{- define "mien.environment.encryption" -}}
{{- with .Values.encryption }}
{{- if .enabled }}
- { name: MIEN_ENCRYPTION_KEYS, valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: encryption-keys } } }
- { name: MIEN_ENCRYPTION_READ_PLAIN, value: {{ .readPlain | quote }} }
{{- end }}
{{- end }}
{{- end -}}

{{/* Kubernetes puts $(NAME) in, from what stands before. */}}
{{- define "mien.environment.postgres" -}}
{{- $postgres := .Values.postgres -}}
{{- if eq (toString $postgres.deploy) "true" -}}
- { name: DATABASE_PASSWORD, valueFrom: { secretKeyRef: { name: {{ $postgres.existingSecret }}, key: password } } }
- name: MIEN_LIBRARY_DATABASE_URL
  value: postgres://mien:$(DATABASE_PASSWORD)@{{ include "mien.fullname" . }}-postgres:5432/mien
{{- else -}}
- { name: MIEN_LIBRARY_DATABASE_URL, valueFrom: { secretKeyRef: { name: {{ $postgres.existingSecret }}, key: database-url } } }
{{- end }}
- { name: MIEN_LIBRARY_DATABASE_CONNECTIONS, value: {{ $postgres.connections | quote }} }
{{- end -}}
