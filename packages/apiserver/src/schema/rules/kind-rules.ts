import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject, Resource } from '../../resource/resource.ts';
import { bindingRules, roleRules } from './access-rules.ts';
import { configMapRules, secretRules } from './data-rules.ts';
import { definitionRules } from './definition-rules.ts';
import { endpointSliceRules, ingressRules, networkPolicyRules } from './network-rules.ts';
import { podRules } from './pod-rules.ts';
import { autoscalerRules, budgetRules, eventRules, leaseRules, priorityClassRules } from './policy-rules.ts';
import { serviceRules } from './service-rules.ts';
import { claimRules, storageClassRules, volumeRules } from './storage-rules.ts';
import {
  cronJobRules,
  daemonSetRules,
  deploymentRules,
  jobRules,
  replicaSetRules,
  statefulSetRules,
} from './workload-rules.ts';

/** What is particular to a built-in kind beyond its schema. */
export interface KindRules {
  /** Fills in defaults that depend on other fields. Types are right when it is called. */
  readonly complete?: (object: KubernetesObject) => KubernetesObject;
  /** `old` is undefined on creation. */
  readonly validate?: (object: KubernetesObject, old: KubernetesObject | undefined) => readonly FieldError[];
}

const NO_RULES: KindRules = {};

/** Kinds that are not here are judged by their schema alone. */
const RULES: Readonly<Record<string, KindRules>> = {
  '/ConfigMap': configMapRules,
  '/Event': eventRules,
  '/PersistentVolume': volumeRules,
  '/PersistentVolumeClaim': claimRules,
  '/Pod': podRules,
  '/Secret': secretRules,
  '/Service': serviceRules,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionRules,
  'apps/DaemonSet': daemonSetRules,
  'apps/Deployment': deploymentRules,
  'apps/ReplicaSet': replicaSetRules,
  'apps/StatefulSet': statefulSetRules,
  'autoscaling/HorizontalPodAutoscaler': autoscalerRules,
  'batch/CronJob': cronJobRules,
  'batch/Job': jobRules,
  'coordination.k8s.io/Lease': leaseRules,
  'discovery.k8s.io/EndpointSlice': endpointSliceRules,
  'networking.k8s.io/Ingress': ingressRules,
  'networking.k8s.io/NetworkPolicy': networkPolicyRules,
  'policy/PodDisruptionBudget': budgetRules,
  'rbac.authorization.k8s.io/ClusterRole': roleRules,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingRules,
  'rbac.authorization.k8s.io/Role': roleRules,
  'rbac.authorization.k8s.io/RoleBinding': bindingRules,
  'scheduling.k8s.io/PriorityClass': priorityClassRules,
  'storage.k8s.io/StorageClass': storageClassRules,
};

export function kindRules({ group, kind }: Pick<Resource, 'group' | 'kind'>): KindRules {
  return RULES[`${group}/${kind}`] ?? NO_RULES;
}
