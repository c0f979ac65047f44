{{/*
There is one installation in a cluster, because its kinds belong to the cluster: names are fixed, and the same in every guide.
*/}}

{{/* Takes {root, component}: the labels by which Services, policies and Deployments find Pods. They never change. */}}
{{- define "vdi.selector" -}}
app.kubernetes.io/name: vdi-operator
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Takes {root, component}: the labels of every object. */}}
{{- define "vdi.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 }}
{{ include "vdi.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: vdi-operator
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* Takes {root, component}: the labels of Pods. Nothing of the chart's version: a new chart alone restarts nobody. */}}
{{- define "vdi.podLabels" -}}
{{ include "vdi.selector" . }}
app.kubernetes.io/part-of: vdi-operator
{{- end }}

{{/* The address of the dashboard. */}}
{{- define "vdi.publicUrl" -}}
https://{{ .Values.domain }}{{ if ne (int .Values.publicPort) 443 }}:{{ .Values.publicPort }}{{ end }}
{{- end }}
