{{/*
What a schema cannot say in a sentence. Every wrong combination ends the rendering with what is wrong and what to do.
*/}}
{{- define "vdi.checks" -}}
{{- include "vdi.checks.domain" . }}
{{- include "vdi.checks.identity" . }}
{{- include "vdi.checks.route" . }}
{{- include "vdi.checks.sessions" . }}
{{- end }}

{{- define "vdi.checks.domain" -}}
{{- if not .Values.domain }}
{{- fail "domain is not set. It is where people open the dashboard, and sessions get hosts below it: --set domain=vdi.example.com" }}
{{- end }}
{{- end }}

{{- define "vdi.checks.identity" -}}
{{- $oidc := .Values.oidc }}
{{- if and $oidc.issuer .Values.localAccounts.enabled }}
{{- fail "oidc.issuer and localAccounts.enabled are both set, but people sign in one way: take one of them out." }}
{{- end }}
{{- if not (or $oidc.issuer .Values.localAccounts.enabled) }}
{{- fail "Nobody could sign in. Set oidc.issuer, oidc.clientId and oidc.clientSecret.name for a provider that you have, or localAccounts.enabled=true to try things out." }}
{{- end }}
{{- if and .Values.localAccounts.enabled (not (has "vdi-admins" .Values.roles.adminGroups)) }}
{{- fail "roles.adminGroups does not contain vdi-admins, the group of the administrator among the local accounts: nobody could administer. Add it." }}
{{- end }}
{{- if and $oidc.issuer (not $oidc.clientId) }}
{{- fail "oidc.issuer is set without oidc.clientId. Register a client at the provider with the redirect URI https://<domain>/callback, and set oidc.clientId to its id." }}
{{- end }}
{{- if and $oidc.issuer (not $oidc.clientSecret.name) }}
{{- fail (printf "oidc.issuer is set without oidc.clientSecret.name. Put the client's secret into a Secret (kubectl create secret generic vdi-oidc -n %s --from-file=%s) and set oidc.clientSecret.name=vdi-oidc." .Release.Namespace $oidc.clientSecret.key) }}
{{- end }}
{{- end }}

{{- define "vdi.checks.route" -}}
{{- $tls := .Values.route.tls }}
{{- if and $tls.secretName $tls.certResolver }}
{{- fail "route.tls.secretName and route.tls.certResolver are both set, but there is one certificate: take one of them out." }}
{{- end }}
{{- if and $tls.certResolver (ne .Values.route.kind "traefik") }}
{{- fail (printf "route.tls.certResolver is Traefik's, but route.kind is %s. Use route.tls.secretName." .Values.route.kind) }}
{{- end }}
{{- if and (eq .Values.route.kind "ingress") (not $tls.secretName) }}
{{- fail "route.kind is ingress, but route.tls.secretName is not set. Browsers give cookies and clipboard to HTTPS alone: name a Secret of type kubernetes.io/tls for the domain and its wildcard." }}
{{- end }}
{{- /* Without a cluster (helm template) its kinds are unknown, and kube-system is not found. */}}
{{- $isConnected := lookup "v1" "Namespace" "" "kube-system" }}
{{- if and $isConnected (eq .Values.route.kind "traefik") (not (.Capabilities.APIVersions.Has "traefik.io/v1alpha1/IngressRoute")) }}
{{- fail "route.kind is traefik, but this cluster does not serve traefik.io/v1alpha1. Install Traefik 3 with its CRDs, or set route.kind=ingress (or none)." }}
{{- end }}
{{- end }}

{{- define "vdi.checks.sessions" -}}
{{- if not (has "vdi-sessions" .Values.sessions.namespaces) }}
{{- fail "sessions.namespaces does not contain vdi-sessions, where the dashboard creates sessions. Add it." }}
{{- end }}
{{- if has .Release.Namespace .Values.sessions.namespaces }}
{{- fail (printf "sessions.namespaces contains %s, where operator and gateway run with their keys. Give sessions a namespace of their own." .Release.Namespace) }}
{{- end }}
{{- end }}
