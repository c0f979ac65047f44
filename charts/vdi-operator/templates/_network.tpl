{{/* Rules that the policies of operator and gateway share. */}}

{{/* The cluster's DNS, and the node-local cache where there is one. */}}
{{- define "vdi.toDns" -}}
- to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
      podSelector: { matchLabels: { k8s-app: kube-dns } }
    - ipBlock: { cidr: 169.254.20.10/32 }
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end }}

{{- define "vdi.toApiServer" -}}
- to:
    {{- range .Values.network.apiServer.cidrs }}
    - ipBlock: { cidr: {{ . | quote }} }
    {{- end }}
  ports:
    {{- range .Values.network.apiServer.ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end }}

{{/* Port 8080 of session Pods, in every namespace that has sessions. */}}
{{- define "vdi.toSessions" -}}
- to:
    - namespaceSelector:
        matchExpressions:
          - { key: kubernetes.io/metadata.name, operator: In, values: {{ toJson .Values.sessions.namespaces }} }
      podSelector: { matchLabels: { app.kubernetes.io/name: vdi-session } }
  ports:
    - { protocol: TCP, port: 8080 }
{{- end }}

{{- define "vdi.fromMonitoring" -}}
{{- with .Values.network.monitoring -}}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - { protocol: TCP, port: 8081 }
{{- end }}
{{- end }}
