{{/* Where pods may go: (dict "root" $ "uses" [nats, ...] "telemetry" true) */}}
{{- define "mien.network.egress" -}}
{{- $root := .root -}}
{{- $policy := $root.Values.networkPolicy -}}
{{- $rules := list -}}
{{- $ports := dict "nats" 4222 "postgres" 5432 "qdrant" 6333 "objectStore" 9000 -}}
{{- range $use := .uses -}}
{{- if hasKey $ports $use -}}
{{- $settings := get $root.Values $use -}}
{{- if eq (toString $settings.deploy) "true" -}}
{{- $peer := include "mien.network.podsOf" (dict "root" $root "component" (include "mien.backing.component" $use)) | fromYaml -}}
{{- $rules = append $rules (dict "to" (list $peer) "ports" (list (dict "port" (get $ports $use) "protocol" "TCP"))) -}}
{{- else -}}
{{- $rule := dict "ports" (list (dict "port" (int $settings.external.port) "protocol" "TCP")) -}}
{{- with $settings.external.peers -}}{{- $_ := set $rule "to" . -}}{{- end -}}
{{- $rules = append $rules $rule -}}
{{- end -}}
{{- else if eq $use "library" -}}
{{- $peer := include "mien.network.podsOf" (dict "root" $root "component" "library") | fromYaml -}}
{{- $rules = append $rules (dict "to" (list $peer) "ports" (list (dict "port" "grpc" "protocol" "TCP"))) -}}
{{- else if eq $use "gateway" -}}
{{- $peer := include "mien.network.podsOf" (dict "root" $root "component" "gateway") | fromYaml -}}
{{- $rules = append $rules (dict "to" (list $peer) "ports" (list (dict "port" "grpc" "protocol" "TCP") (dict "port" "http" "protocol" "TCP"))) -}}
{{- else if eq $use "everyService" -}}
{{- $all := dict "podSelector" (dict "matchLabels" (dict "app.kubernetes.io/instance" $root.Release.Name)) -}}
{{- $rules = append $rules (dict "to" (list $all) "ports" (list (dict "port" "ops" "protocol" "TCP"))) -}}
{{- else if eq $use "internet" -}}
{{- $to := concat (list (dict "ipBlock" (dict "cidr" "0.0.0.0/0" "except" $policy.internetExcept))) $policy.internetAlso -}}
{{- $internetPorts := list -}}
{{- range $policy.internetPorts -}}{{- $internetPorts = append $internetPorts (dict "port" (int .) "protocol" "TCP") -}}{{- end -}}
{{- $rules = append $rules (dict "to" $to "ports" $internetPorts) -}}
{{- else -}}
{{- fail (printf "a service uses %s, which network policies do not know" $use) -}}
{{- end -}}
{{- end -}}
{{- if and .telemetry $root.Values.otlp.endpoint -}}
{{- $rule := dict "ports" (list (dict "port" (int $root.Values.otlp.port) "protocol" "TCP")) -}}
{{- with $policy.otlpPeers -}}{{- $_ := set $rule "to" . -}}{{- end -}}
{{- $rules = append $rules $rule -}}
{{- end -}}
{{- toYaml $rules -}}
{{- end -}}

{{- define "mien.network.podsOf" -}}
podSelector:
  matchLabels: {{- include "mien.selector" . | nindent 4 }}
{{- end -}}
