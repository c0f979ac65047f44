/**
 * What Kubernetes' Go types say in struct tags and markers and JSON schemas do not: which lists are maps or sets, and how
 * strategic merge patch treats a field. Lists that are not named here are atomic and replaced as a whole.
 *
 * One entry per schema: `field: <list type> <patch strategy>`, where a list type is `map(keys)`, `set` or `atomic` (maps),
 * and a strategy is `merge(key)`, `merge+retainKeys(key)`, `retainKeys` or `replace`.
 */
export const LIST_FACTS: Readonly<Record<string, string>> = {
  'admissionregistration.v1.ValidatingWebhook': 'matchConditions: map(name) merge(name)',
  'apps.v1.DaemonSetStatus': 'conditions: map(type) merge(type)',
  'apps.v1.DeploymentSpec': 'strategy: retainKeys',
  'apps.v1.DeploymentStatus': 'conditions: map(type) merge(type)',
  'apps.v1.ReplicaSetStatus': 'conditions: map(type) merge(type)',
  'apps.v1.StatefulSetStatus': 'conditions: map(type) merge(type)',
  'apiextensions.v1.CustomResourceDefinitionStatus': 'conditions: map(type)',
  'apiextensions.v1.JSONSchemaProps': 'x-kubernetes-validations: map(rule) merge(rule)',
  'apiregistration.v1.APIServiceStatus': 'conditions: map(type) merge(type)',
  'autoscaling.v2.HorizontalPodAutoscalerStatus': 'conditions: map(type) merge(type)',
  'batch.v1.JobStatus': 'conditions: merge(type)',
  'batch.v1.PodFailurePolicyOnExitCodesRequirement': 'values: set',
  'batch.v1.UncountedTerminatedPods': 'succeeded: set; failed: set',
  'core.v1.Container':
    'ports: map(containerPort protocol) merge(containerPort); env: map(name) merge(name); volumeMounts: map(mountPath) merge(mountPath); volumeDevices: map(devicePath) merge(devicePath)',
  'core.v1.ContainerRestartRuleOnExitCodes': 'values: set',
  'core.v1.ContainerStatus':
    'volumeMounts: map(mountPath) merge(mountPath); allocatedResourcesStatus: map(name) merge(name)',
  'core.v1.EphemeralContainer':
    'ports: map(containerPort protocol) merge(containerPort); env: map(name) merge(name); volumeMounts: map(mountPath) merge(mountPath); volumeDevices: map(devicePath) merge(devicePath)',
  'core.v1.NamespaceStatus': 'conditions: map(type) merge(type)',
  'core.v1.NodeSpec': 'podCIDRs: set merge',
  'core.v1.NodeStatus': 'conditions: map(type) merge(type); addresses: map(type) merge(type)',
  'core.v1.PersistentVolumeClaimStatus': 'conditions: map(type) merge(type)',
  'core.v1.PodSpec':
    'volumes: map(name) merge+retainKeys(name); initContainers: map(name) merge(name); containers: map(name) merge(name); ephemeralContainers: map(name) merge(name); nodeSelector: atomic; imagePullSecrets: map(name) merge(name); hostAliases: map(ip) merge(ip); topologySpreadConstraints: map(topologyKey whenUnsatisfiable) merge(topologyKey); schedulingGates: map(name) merge(name); resourceClaims: map(name) merge+retainKeys(name)',
  'core.v1.PodStatus':
    'conditions: map(type) merge(type); hostIPs: merge(ip); podIPs: map(ip) merge(ip); resourceClaimStatuses: map(name) merge+retainKeys(name)',
  'core.v1.ReplicationControllerSpec': 'selector: atomic',
  'core.v1.ReplicationControllerStatus': 'conditions: map(type) merge(type)',
  'core.v1.ResourceRequirements': 'claims: map(name)',
  'core.v1.ResourceStatus': 'resources: map(resourceID)',
  'core.v1.ServiceAccount': 'secrets: map(name) merge(name)',
  'core.v1.ServiceSpec': 'ports: map(port protocol) merge(port); selector: atomic',
  'core.v1.ServiceStatus': 'conditions: map(type) merge(type)',
  'discovery.v1.Endpoint': 'addresses: set',
  'meta.v1.ObjectMeta': 'ownerReferences: map(uid) merge(uid); finalizers: set merge',
  'node.v1.Scheduling': 'nodeSelector: atomic',
  'policy.v1.PodDisruptionBudgetSpec': 'selector: replace',
  'policy.v1.PodDisruptionBudgetStatus': 'conditions: map(type) merge(type)',
  'storage.v1.CSIDriverSpec': 'volumeLifecycleModes: set',
  'storage.v1.CSINodeSpec': 'drivers: map(name) merge(name)',
};

/** Objects that server-side apply owns as a whole (`+structType=atomic`). */
export const ATOMIC_STRUCTS: ReadonlySet<string> = new Set([
  'apiextensions.v1.SelectableField',
  'autoscaling.v2.CrossVersionObjectReference',
  'autoscaling.v1.CrossVersionObjectReference',
  'core.v1.ConfigMapKeySelector',
  'core.v1.EndpointAddress',
  'core.v1.EndpointPort',
  'core.v1.FileKeySelector',
  'core.v1.LocalObjectReference',
  'core.v1.NodeSelector',
  'core.v1.NodeSelectorTerm',
  'core.v1.ObjectFieldSelector',
  'core.v1.ObjectReference',
  'core.v1.ResourceFieldSelector',
  'core.v1.ScopeSelector',
  'core.v1.ScopedResourceSelectorRequirement',
  'core.v1.SecretKeySelector',
  'core.v1.SecretReference',
  'core.v1.TopologySelectorTerm',
  'core.v1.TypedLocalObjectReference',
  'discovery.v1.EndpointPort',
  'meta.v1.LabelSelector',
  'meta.v1.OwnerReference',
  'networking.v1.ServiceBackendPort',
  'rbac.v1.RoleRef',
  'rbac.v1.Subject',
]);
