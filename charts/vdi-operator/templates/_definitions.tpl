{{/* A warning when the cluster's definitions are not those of this chart, which Helm does not bring up to date. */}}
{{- define "vdi.oldDefinitions" -}}
{{- $old := list }}
{{- range $path, $_ := .Files.Glob "crds/*.yaml" }}
{{- $ours := $.Files.Get $path | fromYaml }}
{{- $theirs := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" $ours.metadata.name }}
{{- if $theirs }}
{{- $schema := (first $ours.spec.versions).schema | toJson }}
{{- if ne $schema ((first $theirs.spec.versions).schema | toJson) }}{{- $old = append $old $ours.metadata.name }}{{- end }}
{{- end }}
{{- end }}
{{- with $old }}

WARNING: the definitions of {{ join ", " . }} in this cluster are not those of this chart: fields that they do not
know are dropped without a word. Run the command above now.
{{- end }}
{{- end }}
