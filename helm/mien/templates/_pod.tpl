{{/* No root, no privileges, nothing that can be written but the volumes. */}}
{{- define "mien.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "mien.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Spread over zones, then nodes: (dict "root" $ "component" "detector") */}}
{{- define "mien.topologySpread" -}}
{{- $spread := .root.Values.pods.topologySpread -}}
{{- range $key := list $spread.zoneKey $spread.nodeKey }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: {{ $spread.whenUnsatisfiable }}
  labelSelector:
    matchLabels: {{- include "mien.selector" (dict "root" $.root "component" $.component) | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}

{{/* Volumes of secrets that a service reads as files: (dict "root" $ "name" "detector" "service" $service) */}}
{{- define "mien.secretVolumes" -}}
{{- $values := .root.Values -}}
{{- if has "nats" (.service.uses | default list) }}
{{- if eq $values.nats.auth "nkeys" }}
- { name: nats, mountPath: /etc/mien/nats, secret: {{ $values.nats.existingSecret }}, items: ["{{ .name }}.nk"] }
{{- end }}
{{- if $values.nats.tls.existingSecret }}
- { name: nats-tls, mountPath: /etc/mien/nats-tls, secret: {{ $values.nats.tls.existingSecret }} }
{{- end }}
{{- end }}
{{- if $values.tls.internal.existingSecret }}
- { name: internal-tls, mountPath: /etc/mien/internal-tls, secret: {{ $values.tls.internal.existingSecret }} }
{{- end }}
{{- if eq .name "gateway" }}
- { name: admin, mountPath: /etc/mien/admin, secret: {{ $values.auth.existingSecret }}, items: [admin-key] }
{{- if $values.tls.gateway.existingSecret }}
- { name: gateway-tls, mountPath: /etc/mien/gateway-tls, secret: {{ $values.tls.gateway.existingSecret }} }
{{- end }}
{{- end }}
{{- end -}}

{{- define "mien.volumeMounts" -}}
- { name: data, mountPath: /var/lib/mien }
- { name: tmp, mountPath: /tmp }
{{- range (include "mien.secretVolumes" . | fromYamlArray) }}
- { name: {{ .name }}, mountPath: {{ .mountPath }}, readOnly: true }
{{- end }}
{{- if and .service.models .root.Values.models.existingClaim }}
- { name: models, mountPath: /opt/mien/models, readOnly: true }
{{- end }}
{{- end -}}

{{- define "mien.volumes" -}}
- { name: data, emptyDir: { sizeLimit: 256Mi } }
- { name: tmp, emptyDir: { sizeLimit: 64Mi } }
{{- range (include "mien.secretVolumes" . | fromYamlArray) }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    {{- with .items }}
    items:
      {{- range . }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
    {{- end }}
{{- end }}
{{- if and .service.models .root.Values.models.existingClaim }}
- { name: models, persistentVolumeClaim: { claimName: {{ .root.Values.models.existingClaim }}, readOnly: true } }
{{- end }}
{{- end -}}

{{/* What every pod says first. (dict "root" $ "user" 65532 "account" NAME) */}}
{{- define "mien.podBasics" -}}
{{- $pods := .root.Values.pods -}}
serviceAccountName: {{ .account }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext: {{- include "mien.podSecurity" (dict "user" .user) | nindent 2 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}
