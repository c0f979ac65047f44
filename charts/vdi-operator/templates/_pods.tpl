{{/* What operator and gateway have in common; Pod Security "restricted" and a root file system that nobody writes to. */}}

{{- define "vdi.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "vdi.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Takes {root, component}, where the component is also the name of its values: where its Pods may run. */}}
{{- define "vdi.placement" -}}
{{- $values := index .root.Values .component -}}
{{- $placement := dict }}
{{- range $key := list "priorityClassName" "nodeSelector" "tolerations" "affinity" }}
{{- with index $values $key }}{{- $_ := set $placement $key . }}{{- end }}
{{- end }}
{{- with $placement }}{{- toYaml . }}{{- end }}
{{- end }}

{{/* Health on the port for operations, which is named `ops`. */}}
{{- define "vdi.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: ops }
  periodSeconds: 1
  failureThreshold: 60
readinessProbe:
  httpGet: { path: /readyz, port: ops }
  periodSeconds: 5
livenessProbe:
  httpGet: { path: /healthz, port: ops }
  periodSeconds: 10
  timeoutSeconds: 3
{{- end }}
