{{/* Takes {root, image}, where image is one of images.control, display, desktop: its reference. */}}
{{- define "vdi.image" -}}
{{- $all := .root.Values.images -}}
{{- $name := printf "%s/%s" (.image.registry | default $all.registry) .image.repository -}}
{{- if .image.digest -}}
{{ $name }}@{{ .image.digest }}
{{- else -}}
{{ $name }}:{{ .image.tag | default $all.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* The pull secrets of a Pod, or nothing. */}}
{{- define "vdi.pullSecrets" -}}
{{- with .Values.images.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}
