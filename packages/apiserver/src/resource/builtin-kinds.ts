import type { Verb } from './resource.ts';

/** What is particular to a built-in kind; plural, singular and list kind follow from the kind where they are regular. */
export interface BuiltinKind {
  readonly plural?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly clusterScoped?: true;
  /** All verbs unless said otherwise. */
  readonly verbs?: readonly Verb[];
  readonly subresources?: readonly string[];
  readonly selectableFields?: readonly string[];
}

const READ_ONLY: readonly Verb[] = ['get', 'list', 'watch'];

/** Asked, answered and not stored. */
const REVIEW = { verbs: ['create'], clusterScoped: true } as const;

const EVENT_REASONS = ['reason', 'type', 'source', 'reportingComponent'];

/**
 * The served kinds by group and version. Left out, so that using them fails clearly: admission webhooks and policies (they
 * would have no effect), flow control, certificate signing, resource claims.
 */
export const BUILTIN_KINDS: Readonly<Record<string, Readonly<Record<string, BuiltinKind>>>> = {
  v1: {
    ConfigMap: { shortNames: ['cm'] },
    Endpoints: { plural: 'endpoints', shortNames: ['ep'] },
    Event: {
      shortNames: ['ev'],
      selectableFields: [
        ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
          (field) => `involvedObject.${field}`,
        ),
        ...EVENT_REASONS,
      ],
    },
    LimitRange: { shortNames: ['limits'] },
    Namespace: {
      shortNames: ['ns'],
      clusterScoped: true,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: ['finalize', 'status'],
      selectableFields: ['status.phase'],
    },
    Node: {
      shortNames: ['no'],
      clusterScoped: true,
      subresources: ['status'],
      selectableFields: ['spec.unschedulable'],
    },
    PersistentVolume: { shortNames: ['pv'], clusterScoped: true, subresources: ['status'] },
    PersistentVolumeClaim: { shortNames: ['pvc'], subresources: ['status'] },
    Pod: {
      shortNames: ['po'],
      categories: ['all'],
      subresources: ['binding', 'eviction', 'exec', 'log', 'status'],
      selectableFields: [
        'spec.nodeName',
        'spec.restartPolicy',
        'spec.schedulerName',
        'spec.serviceAccountName',
        'spec.hostNetwork',
        'status.phase',
        'status.podIP',
        'status.nominatedNodeName',
      ],
    },
    PodTemplate: {},
    ReplicationController: {
      shortNames: ['rc'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      selectableFields: ['status.replicas'],
    },
    ResourceQuota: { shortNames: ['quota'], subresources: ['status'] },
    Secret: { selectableFields: ['type'] },
    Service: {
      shortNames: ['svc'],
      categories: ['all'],
      subresources: ['status'],
      selectableFields: ['spec.clusterIP', 'spec.type'],
    },
    ServiceAccount: { shortNames: ['sa'] },
  },
  'apps/v1': {
    ControllerRevision: {},
    DaemonSet: { shortNames: ['ds'], categories: ['all'], subresources: ['status'] },
    Deployment: { shortNames: ['deploy'], categories: ['all'], subresources: ['scale', 'status'] },
    ReplicaSet: {
      shortNames: ['rs'],
      categories: ['all'],
      subresources: ['scale', 'status'],
      selectableFields: ['status.replicas'],
    },
    StatefulSet: { shortNames: ['sts'], categories: ['all'], subresources: ['scale', 'status'] },
  },
  'apiextensions.k8s.io/v1': {
    CustomResourceDefinition: {
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
      clusterScoped: true,
      subresources: ['status'],
    },
  },
  'apiregistration.k8s.io/v1': {
    APIService: { categories: ['api-extensions'], clusterScoped: true, verbs: READ_ONLY },
  },
  'authentication.k8s.io/v1': { SelfSubjectReview: REVIEW, TokenReview: REVIEW },
  'authorization.k8s.io/v1': {
    LocalSubjectAccessReview: { verbs: ['create'] },
    SelfSubjectAccessReview: REVIEW,
    SelfSubjectRulesReview: REVIEW,
    SubjectAccessReview: REVIEW,
  },
  'autoscaling/v2': {
    HorizontalPodAutoscaler: { shortNames: ['hpa'], categories: ['all'], subresources: ['status'] },
  },
  'batch/v1': {
    CronJob: { shortNames: ['cj'], categories: ['all'], subresources: ['status'] },
    Job: { categories: ['all'], subresources: ['status'], selectableFields: ['status.successful'] },
  },
  'coordination.k8s.io/v1': { Lease: {} },
  'discovery.k8s.io/v1': { EndpointSlice: {} },
  'events.k8s.io/v1': {
    Event: {
      shortNames: ['ev'],
      selectableFields: [
        ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
          (field) => `regarding.${field}`,
        ),
        ...EVENT_REASONS,
        'reportingController',
      ],
    },
  },
  'networking.k8s.io/v1': {
    Ingress: { plural: 'ingresses', shortNames: ['ing'], subresources: ['status'] },
    IngressClass: { plural: 'ingressclasses', clusterScoped: true },
    NetworkPolicy: { plural: 'networkpolicies', shortNames: ['netpol'] },
  },
  'node.k8s.io/v1': { RuntimeClass: { plural: 'runtimeclasses', clusterScoped: true } },
  'policy/v1': { PodDisruptionBudget: { shortNames: ['pdb'], subresources: ['status'] } },
  'rbac.authorization.k8s.io/v1': {
    ClusterRole: { clusterScoped: true },
    ClusterRoleBinding: { clusterScoped: true },
    Role: {},
    RoleBinding: {},
  },
  'scheduling.k8s.io/v1': { PriorityClass: { plural: 'priorityclasses', shortNames: ['pc'], clusterScoped: true } },
  'storage.k8s.io/v1': {
    CSIDriver: { clusterScoped: true },
    CSINode: { clusterScoped: true },
    CSIStorageCapacity: { plural: 'csistoragecapacities' },
    StorageClass: { plural: 'storageclasses', shortNames: ['sc'], clusterScoped: true },
    VolumeAttachment: { clusterScoped: true, subresources: ['status'] },
  },
};
