import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { homeClaimName, userKey } from '@vdi/api';
import type { Node } from '@vdi/kube';
import { parse } from 'yaml';
import { chartFolder } from '../chart/helm.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';

interface StorageClass {
  readonly metadata: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly { readonly name: string; readonly schema: unknown }[] };
}

/** What a run does, and so must be allowed to do: a verb, and a resource as kubectl names it. */
const deeds: readonly (readonly [string, string])[] = [
  ['create', 'namespaces'],
  ['delete', 'namespaces'],
  ['create', 'pods'],
  ['delete', 'pods'],
  ['create', 'pods/exec'],
  ['create', 'pods/portforward'],
  ['get', 'pods/log'],
  ['get', 'secrets'],
  ['delete', 'persistentvolumeclaims'],
  ['patch', 'persistentvolumes'],
  ['create', 'vdisessions.vdi.kasm.io'],
  ['create', 'vditemplates.vdi.kasm.io'],
];
/** … and to install the chart. */
const installing: readonly (readonly [string, string])[] = [
  ['create', 'customresourcedefinitions.apiextensions.k8s.io'],
  ['create', 'clusterroles.rbac.authorization.k8s.io'],
  ['create', 'clusterrolebindings.rbac.authorization.k8s.io'],
  // Nobody may hand on rights that they do not have, except those who may escalate.
  ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
  ['escalate', 'roles.rbac.authorization.k8s.io'],
  ['create', 'deployments.apps'],
  ['create', 'networkpolicies.networking.k8s.io'],
];

/** What the cluster lacks, a sentence each with what to do; nothing when the run can begin. */
export async function findLacks(kubectl: Kubectl, settings: ClusterSettings): Promise<readonly string[]> {
  const checks = [versionLack, permissionLack, nodeLack, storageLack, homeLack];
  const ofInstallation = settings.isInstalled
    ? [installationLack]
    : [leftoverLack, otherInstallationLack, definitionLack];
  const found: string[] = [];
  // One after the other: without a right to look, the later ones would only repeat that.
  for (const check of [...checks, ...ofInstallation]) found.push(...(await check(kubectl, settings)));
  return found;
}

type Check = (kubectl: Kubectl, settings: ClusterSettings) => Promise<readonly string[]>;

const versionLack: Check = async (kubectl) => {
  const { major, minor, gitVersion } = JSON.parse(await kubectl.run(['get', '--raw', '/version'])) as Record<
    string,
    string
  >;
  // Some providers write "29+".
  const isNewEnough = Number(major) > 1 || Number.parseInt(minor ?? '', 10) >= 29;
  return isNewEnough
    ? []
    : [`The server is ${gitVersion}: sessions need native sidecars, which Kubernetes has since 1.29.`];
};

const permissionLack: Check = async (kubectl, { isInstalled, isStandalone }) => {
  if (isStandalone) return [];
  const wanted = isInstalled ? deeds : [...deeds, ...installing];
  const missing: string[] = [];
  for (const [verb, resource] of wanted) {
    // A SelfSubjectAccessReview. It also warns of resources that are not there yet, and answers all the same.
    const { stdout } = await kubectl.try(['auth', 'can-i', verb, resource, '--all-namespaces']);
    if (!stdout.trim().startsWith('yes')) missing.push(`${verb} ${resource}`);
  }
  return missing.length === 0
    ? []
    : [`This kubeconfig may not ${missing.join(', ')}: use one of a cluster administrator.`];
};

const nodeLack: Check = async (kubectl) => {
  const nodes = await kubectl.list<Node>(['nodes']);
  const usable = nodes.filter(({ spec, status }) => {
    const isReady =
      status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') === true;
    return isReady && spec?.unschedulable !== true;
  });
  if (usable.length === 0)
    return [`None of ${nodes.length} nodes is ready and takes Pods: kubectl get nodes says why.`];
  const architectures = new Set(usable.map(({ metadata }) => metadata.labels?.['kubernetes.io/arch'] ?? 'unknown'));
  const ours = process.arch === 'x64' ? 'amd64' : process.arch;
  if (architectures.has(ours) || process.env['VDI_CLUSTER_ARCH'] !== undefined) return [];
  return [
    `The nodes are ${[...architectures].join(', ')}, and images that this machine makes are ${ours}: set VDI_CLUSTER_ARCH to any value if those in the registry fit the nodes.`,
  ];
};

const storageLack: Check = async (kubectl, { storageClass, isStandalone }) => {
  if (isStandalone) return [];
  const classes = await kubectl.list<StorageClass>(['storageclasses']);
  const names = classes.map(({ metadata }) => metadata.name).join(', ') || 'none';
  if (storageClass !== undefined) {
    const isThere = classes.some(({ metadata }) => metadata.name === storageClass);
    return isThere ? [] : [`There is no StorageClass ${storageClass}; there are: ${names}.`];
  }
  const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
  const hasDefault = classes.some(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === 'true'));
  return hasDefault
    ? []
    : [`No StorageClass is the default (there are: ${names}): name one with VDI_CLUSTER_STORAGE_CLASS.`];
};

/** A home that is there belongs to somebody. The run removes the homes that it makes, so it begins without any. */
const homeLack: Check = async (kubectl, { sessionNamespace, user }) => {
  const { stdout: record } = await kubectl.try([
    'get',
    'vdiuser',
    userKey(user),
    '--output=jsonpath={.status.homeClaims}',
  ]);
  const claim = await kubectl.try(['get', 'pvc', homeClaimName(userKey(user)), '-n', sessionNamespace]);
  if (record.trim() === '' && claim.status !== 0) return [];
  return [
    `${user} has a home, which this run would remove: set VDI_CLUSTER_USER to somebody without, or delete the VDIUser ${userKey(user)} if it is of no use.`,
  ];
};

const installationLack: Check = async (kubectl, { sessionNamespace, systemNamespace, isStandalone }) => {
  const lacks: string[] = [];
  const has = async (args: readonly string[]): Promise<boolean> => (await kubectl.try(['get', ...args])).status === 0;
  if (!(await has(['namespace', sessionNamespace]))) {
    lacks.push(`There is no namespace ${sessionNamespace}: name the one with sessions by VDI_CLUSTER_NAMESPACE.`);
  }
  if (!isStandalone && !(await has(['deployment', 'vdi-operator', '-n', systemNamespace]))) {
    lacks.push(`No operator runs in ${systemNamespace}: name its namespace by VDI_CLUSTER_SYSTEM_NAMESPACE.`);
  }
  return lacks;
};

/** It is made by every installation and kept by every removal, with the homes in it: this run would remove it. */
const leftoverLack: Check = async (kubectl) => {
  const { status } = await kubectl.try(['get', 'namespace', 'vdi-sessions']);
  if (status !== 0) return [];
  return [
    'There is a namespace vdi-sessions, of an installation that was removed: delete it if nobody needs the homes in it.',
  ];
};

/** The chart's names are fixed, because its kinds belong to the cluster. */
const otherInstallationLack: Check = async (kubectl) => {
  const { status, stdout } = await kubectl.try(['get', 'clusterrole', 'vdi-operator', '--output=json']);
  if (status !== 0) return [];
  const { metadata } = JSON.parse(stdout) as StorageClass;
  const where = metadata.annotations?.['meta.helm.sh/release-namespace'] ?? 'some namespace';
  return [
    `vdi-operator is installed already, in ${where}, and a cluster has room for one: test that one with VDI_CLUSTER_INSTALLED=true VDI_CLUSTER_SYSTEM_NAMESPACE=${where}, or uninstall it.`,
  ];
};

/** Definitions that are there stay as they are; older ones would drop fields without a word. */
const definitionLack: Check = async (kubectl) => {
  const folder = join(chartFolder, 'crds');
  const ours = readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), 'utf8')) as Definition);
  const lacks: string[] = [];
  for (const { metadata, spec } of ours) {
    const { status, stdout } = await kubectl.try(['get', 'crd', metadata.name, '--output=json']);
    if (status !== 0) continue;
    const theirs = JSON.parse(stdout) as Definition;
    if (!isDeepStrictEqual(theirs.spec.versions[0]?.schema, spec.versions[0]?.schema)) {
      lacks.push(
        `The cluster has another definition of ${metadata.name}: bring it up to date (kubectl apply --server-side --force-conflicts -f charts/vdi-operator/crds) or delete it.`,
      );
    }
  }
  return lacks;
};
