/**
 * Fields and types that Kubernetes gained after the release the schema package was generated from, up to 1.35 (without
 * alpha fields), and fields called `description`, which the package leaves out together with the descriptions of fields.
 * A schema that the package does not know is defined here completely.
 *
 * `name type`, where a type is `string`, `bool`, `int32`, `int64`, `time`, `quantity`, the name of a schema of the same
 * API group (or with its group: `meta.v1.LabelSelector`), `[]type` or `{}type` for a map; `!` marks a required field.
 */
export const NEWER_FIELDS: Readonly<Record<string, string>> = {
  'apps.v1.DeploymentStatus': 'terminatingReplicas int32',
  'apps.v1.ReplicaSetStatus': 'terminatingReplicas int32',
  'apps.v1.StatefulSetOrdinals': 'start int32',
  'apps.v1.StatefulSetSpec': 'ordinals StatefulSetOrdinals',
  'authentication.v1.SelfSubjectReview':
    'apiVersion string, kind string, metadata meta.v1.ObjectMeta, status SelfSubjectReviewStatus',
  'authentication.v1.SelfSubjectReviewStatus': 'userInfo UserInfo',
  'authorization.v1.FieldSelectorAttributes': 'rawSelector string, requirements []meta.v1.LabelSelectorRequirement',
  'authorization.v1.LabelSelectorAttributes': 'rawSelector string, requirements []meta.v1.LabelSelectorRequirement',
  'authorization.v1.ResourceAttributes': 'labelSelector LabelSelectorAttributes, fieldSelector FieldSelectorAttributes',
  'autoscaling.v2.HPAScalingRules': 'tolerance quantity',
  'batch.v1.JobSpec':
    'podReplacementPolicy string, successPolicy SuccessPolicy, backoffLimitPerIndex int32, maxFailedIndexes int32, managedBy string',
  'batch.v1.JobStatus': 'terminating int32, failedIndexes string',
  'batch.v1.SuccessPolicy': 'rules []SuccessPolicyRule!',
  'batch.v1.SuccessPolicyRule': 'succeededIndexes string, succeededCount int32',
  'coordination.v1.LeaseSpec': 'preferredHolder string, strategy string',
  'core.v1.AppArmorProfile': 'type string!, localhostProfile string',
  'core.v1.ClusterTrustBundleProjection':
    'name string, signerName string, labelSelector meta.v1.LabelSelector, optional bool, path string!',
  'core.v1.Container':
    'restartPolicy string, restartPolicyRules []ContainerRestartRule, resizePolicy []ContainerResizePolicy',
  'core.v1.ContainerExtendedResourceRequest': 'containerName string!, resourceName string!, requestName string!',
  'core.v1.ContainerResizePolicy': 'resourceName string!, restartPolicy string!',
  'core.v1.ContainerRestartRule': 'action string!, exitCodes ContainerRestartRuleOnExitCodes',
  'core.v1.ContainerRestartRuleOnExitCodes': 'operator string!, values []int32',
  'core.v1.ContainerStatus':
    'volumeMounts []VolumeMountStatus, allocatedResourcesStatus []ResourceStatus, allocatedResources {}quantity, user ContainerUser, stopSignal string, resources ResourceRequirements',
  'core.v1.ContainerUser': 'linux LinuxContainerUser',
  'core.v1.EnvVarSource': 'fileKeyRef FileKeySelector',
  'core.v1.EphemeralContainer':
    'restartPolicy string, restartPolicyRules []ContainerRestartRule, resizePolicy []ContainerResizePolicy',
  'core.v1.FileKeySelector': 'volumeName string!, path string!, key string!, optional bool',
  'core.v1.HostIP': 'ip string!',
  'core.v1.ImageVolumeSource': 'reference string, pullPolicy string',
  'core.v1.Lifecycle': 'stopSignal string',
  'core.v1.LifecycleHandler': 'sleep SleepAction',
  'core.v1.LinuxContainerUser': 'uid int64!, gid int64!, supplementalGroups []int64',
  'core.v1.LoadBalancerIngress': 'ipMode string',
  'core.v1.ModifyVolumeStatus': 'targetVolumeAttributesClassName string, status string!',
  'core.v1.NodeFeatures': 'supplementalGroupsPolicy bool',
  'core.v1.NodeRuntimeHandler': 'name string, features NodeRuntimeHandlerFeatures',
  'core.v1.NodeRuntimeHandlerFeatures': 'recursiveReadOnlyMounts bool, userNamespaces bool',
  'core.v1.NodeStatus': 'runtimeHandlers []NodeRuntimeHandler, features NodeFeatures, declaredFeatures []string',
  'core.v1.NodeSwapStatus': 'capacity int64',
  'core.v1.NodeSystemInfo': 'swap NodeSwapStatus',
  'core.v1.PersistentVolumeClaimSpec': 'volumeAttributesClassName string',
  'core.v1.PersistentVolumeClaimStatus':
    'modifyVolumeStatus ModifyVolumeStatus, allocatedResourceStatuses {}string, currentVolumeAttributesClassName string',
  'core.v1.PersistentVolumeSpec': 'volumeAttributesClassName string',
  'core.v1.PersistentVolumeStatus': 'lastPhaseTransitionTime time',
  'core.v1.PodAffinityTerm': 'matchLabelKeys []string, mismatchLabelKeys []string',
  'core.v1.PodCertificateProjection':
    'signerName string!, keyType string!, maxExpirationSeconds int32, credentialBundlePath string, keyPath string, certificateChainPath string, userAnnotations {}string',
  'core.v1.PodCondition': 'observedGeneration int64',
  'core.v1.PodExtendedResourceClaimStatus':
    'requestMappings []ContainerExtendedResourceRequest!, resourceClaimName string!',
  'core.v1.PodResourceClaim': 'name string!, resourceClaimName string, resourceClaimTemplateName string',
  'core.v1.PodResourceClaimStatus': 'name string!, resourceClaimName string',
  'core.v1.PodSchedulingGate': 'name string!',
  'core.v1.PodSecurityContext':
    'supplementalGroupsPolicy string, appArmorProfile AppArmorProfile, seLinuxChangePolicy string',
  'core.v1.PodSpec':
    'schedulingGates []PodSchedulingGate, resourceClaims []PodResourceClaim, resources ResourceRequirements, hostnameOverride string',
  'core.v1.PodStatus':
    'resize string, resourceClaimStatuses []PodResourceClaimStatus, allocatedResources {}quantity, extendedResourceClaimStatus PodExtendedResourceClaimStatus, hostIPs []HostIP, resources ResourceRequirements, observedGeneration int64',
  'core.v1.ResourceClaim': 'name string!, request string',
  'core.v1.ResourceHealth': 'resourceID string!, health string, message string',
  'core.v1.ResourceRequirements': 'claims []ResourceClaim',
  'core.v1.ResourceStatus': 'name string!, resources []ResourceHealth',
  'core.v1.SecurityContext': 'appArmorProfile AppArmorProfile',
  'core.v1.ServiceSpec': 'trafficDistribution string',
  'core.v1.SleepAction': 'seconds int64!',
  'core.v1.Volume': 'image ImageVolumeSource',
  'core.v1.VolumeMount': 'recursiveReadOnly string',
  'core.v1.VolumeMountStatus': 'name string!, mountPath string!, readOnly bool, recursiveReadOnly string',
  'core.v1.VolumeProjection':
    'clusterTrustBundle ClusterTrustBundleProjection, podCertificate PodCertificateProjection',
  'discovery.v1.EndpointHints': 'forNodes []ForNode',
  'discovery.v1.ForNode': 'name string!',
  'policy.v1.PodDisruptionBudgetSpec': 'unhealthyPodEvictionPolicy string',
  'scheduling.v1.PriorityClass': 'description string',
  'storage.v1.CSIDriverSpec': 'nodeAllocatableUpdatePeriodSeconds int64, serviceAccountTokenInSecrets bool',
  'storage.v1.VolumeError': 'errorCode int32',
  'apiextensions.v1.CustomResourceColumnDefinition': 'description string',
  'apiextensions.v1.CustomResourceDefinitionVersion': 'selectableFields []SelectableField',
  'apiextensions.v1.ExternalDocumentation': 'description string',
  'apiextensions.v1.JSONSchemaProps':
    'description string, x-kubernetes-preserve-unknown-fields bool, x-kubernetes-embedded-resource bool, x-kubernetes-int-or-string bool, x-kubernetes-list-map-keys []string, x-kubernetes-list-type string, x-kubernetes-map-type string, x-kubernetes-validations []ValidationRule',
  'apiextensions.v1.SelectableField': 'jsonPath string!',
  'apiextensions.v1.ValidationRule': 'messageExpression string, reason string, fieldPath string, optionalOldSelf bool',
};

/** Values that such a later release also accepts where the schema package lists an older set. */
export const NEWER_ENUM_VALUES: Readonly<Record<string, readonly string[]>> = {
  'batch.v1.PodFailurePolicyRule.action': ['FailIndex'],
  'core.v1.Toleration.operator': ['Gt', 'Lt'],
  'core.v1.ScopedResourceSelectorRequirement.scopeName': ['VolumeAttributesClass'],
};

/** Fields that the schema package calls required, but whose zero value, or whose absence, Kubernetes accepts. */
export const OPTIONAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'apiextensions.v1.CustomResourceDefinitionVersion': ['served', 'storage'],
  'apps.v1.ControllerRevision': ['revision'],
  'apps.v1.StatefulSetSpec': ['serviceName'],
  'authentication.v1.TokenRequestSpec': ['audiences'],
  'batch.v1.PodFailurePolicyRule': ['onPodConditions'],
  'core.v1.HTTPHeader': ['value'],
  'discovery.v1.EndpointSlice': ['endpoints'],
  'networking.v1.NetworkPolicySpec': ['podSelector'],
  'rbac.v1.RoleRef': ['apiGroup'],
  'scheduling.v1.PriorityClass': ['value'],
};
