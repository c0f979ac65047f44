{{/* The settings of the operator as JSON: what apps/operator/src/settings.ts describes, section by section complete. */}}
{{- define "vdi.settings" -}}
{{- $values := .Values }}
{{- $home := dict "size" $values.homes.size "storageClassName" $values.homes.storageClass.name "accessMode" $values.homes.accessMode }}
{{- $network := dict
  "ingressFrom" (include "vdi.sessionClients" . | fromYamlArray)
  "directMedia" $values.network.directMedia
  "turn" $values.network.turn
  "blockedCidrs" $values.network.blockedCidrs
  "lanCidrs" $values.network.lanCidrs
  "isolation" "network-policy" }}
{{- $gpu := dict "resourceName" $values.gpu.resourceName }}
{{- with $values.gpu.runtimeClassName }}{{- $_ := set $gpu "runtimeClassName" . }}{{- end }}
{{- $settings := dict
  "namespaces" $values.sessions.namespaces
  "imagePullPolicy" ($values.images.display.pullPolicy | default $values.images.pullPolicy)
  "home" $home
  "resources" $values.sessions.resources
  "defaultQuota" $values.sessions.defaultQuota
  "network" $network
  "gpu" $gpu
  "route" (dict "entryPoint" $values.route.traefik.entryPoint "middleware" "vdi-auth" "tlsOption" "vdi-tls")
  "iceServers" $values.network.iceServers }}
{{- mergeOverwrite $settings (deepCopy $values.operator.settings) | toPrettyJson }}
{{- end }}

{{/*
Who may reach port 8080 of a session: the operator asks agents, the gateway is the built-in door, and Traefik goes straight to
desktops that the gateway has vouched for. Other proxies go through the gateway.
*/}}
{{- define "vdi.sessionClients" -}}
{{- $root := . }}
{{- range $component := list "operator" "gateway" }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ $root.Release.Namespace }}
  podSelector:
    matchLabels:
      {{- include "vdi.selector" (dict "root" $root "component" $component) | nindent 6 }}
{{- end }}
{{- if eq .Values.route.kind "traefik" }}
{{ toYaml .Values.network.proxies }}
{{- end }}
{{- end }}
