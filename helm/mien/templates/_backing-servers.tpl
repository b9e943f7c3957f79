{{/*
What the single servers of a release are, by backing service: user of the image, command, environment, ports, probes,
volumes. One template of each kind renders them all.
*/}}
{{- define "mien.backing.servers" -}}
{{- $values := .Values -}}
nats:
  user: 1000
  command: [nats-server, --config, /etc/nats/mien.conf]
  ports: { client: 4222, monitoring: 8222 }
  data: /data
  probe: { httpGet: { path: /healthz, port: monitoring } }
  {{- /* JetStream behind its streams is no reason to be started again. */}}
  liveness: { httpGet: { path: "/healthz?js-server-only=true", port: monitoring } }
  config: { mountPath: /etc/nats, name: {{ include "mien.fullname" . }}-nats }
  {{- if eq $values.nats.auth "nkeys" }}
  secrets:
    - { name: authorization, mountPath: /etc/nats-authorization, secret: {{ $values.nats.existingSecret }}, items: [authorization.conf] }
  {{- else if eq $values.nats.auth "token" }}
  env:
    - { name: NATS_TOKEN, valueFrom: { secretKeyRef: { name: {{ $values.nats.existingSecret }}, key: token } } }
  {{- end }}
  reachedFrom: { client: nats }
postgres:
  user: 999
  ports: { postgres: 5432 }
  data: /var/lib/postgresql
  writable: { run: /var/run/postgresql, tmp: /tmp }
  probe: { exec: { command: [pg_isready, --username, mien, --dbname, mien] } }
  env:
    - { name: POSTGRES_USER, value: mien }
    - { name: POSTGRES_DB, value: mien }
    - { name: POSTGRES_INITDB_ARGS, value: "--data-checksums --auth-host=scram-sha-256" }
    - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: {{ $values.postgres.existingSecret }}, key: password } } }
qdrant:
  user: 1000
  ports: { http: 6333 }
  data: /qdrant/storage
  writable: { init: /qdrant/init, snapshots: /qdrant/snapshots, tmp: /tmp }
  probe: { httpGet: { path: /readyz, port: http } }
  liveness: { httpGet: { path: /livez, port: http } }
  env:
    - { name: QDRANT_INIT_FILE_PATH, value: /qdrant/init/.qdrant-initialized }
    - { name: QDRANT__TELEMETRY_DISABLED, value: "true" }
    {{- with $values.qdrant.existingSecret }}
    - { name: QDRANT__SERVICE__API_KEY, valueFrom: { secretKeyRef: { name: {{ . }}, key: api-key } } }
    {{- end }}
objectStore:
  user: 1000
  args: [server, /data]
  ports: { s3: 9000 }
  data: /data
  writable: { tmp: /tmp }
  probe: { httpGet: { path: /minio/health/ready, port: s3 } }
  liveness: { httpGet: { path: /minio/health/live, port: s3 } }
  env:
    - { name: MC_CONFIG_DIR, value: /tmp/mc }
    - { name: MINIO_ROOT_USER, valueFrom: { secretKeyRef: { name: {{ $values.objectStore.existingSecret }}, key: access-key } } }
    - { name: MINIO_ROOT_PASSWORD, valueFrom: { secretKeyRef: { name: {{ $values.objectStore.existingSecret }}, key: secret-key } } }
{{- end -}}
