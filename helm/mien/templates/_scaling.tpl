{{/*
Jobs for each pod: those that it works on, and those that it deals with in the wanted waiting time. KEDA runs
ceil(lag / threshold) pods, where lag is what waits and what is worked on, so that no job waits longer. A pod's rate is
the processor time that it is sure to have over that of a job; with a GPU it is told (jobsPerSecond).
(dict "service" $service "seconds" 1)
*/}}
{{- define "mien.scaling.lagThreshold" -}}
{{- $millicores := include "mien.millicores" .service.resources.requests.cpu | float64 -}}
{{- $rate := default (divf $millicores (float64 .service.cpuMillisecondsPerJob)) .service.jobsPerSecond -}}
{{- add (int .service.concurrency) (floor (mulf $rate (float64 .seconds)) | int) -}}
{{- end -}}

{{/* Up at once, at most twofold every 15 s; down slowly. */}}
{{- define "mien.scaling.behavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Max
  policies:
    - { type: Percent, value: 100, periodSeconds: 15 }
    - { type: Pods, value: 2, periodSeconds: 15 }
scaleDown:
  stabilizationWindowSeconds: {{ .Values.scaling.scaleDownStabilizationSeconds }}
  policies:
    - { type: Percent, value: 25, periodSeconds: 60 }
{{- end -}}
