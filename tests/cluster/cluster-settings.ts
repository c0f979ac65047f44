import { randomBytes } from 'node:crypto';
import { fetchFromKubeconfig, createKubeClient } from '@vdi/kube';

/** What a run is told by its environment; README.md has the table. */
export interface ClusterSettings {
  readonly kubeconfig: string;
  /** Of everything that the run makes: `vdi-test-k3f9x2`. */
  readonly runName: string;
  /** True: an operator is there already, and nothing is installed. */
  readonly isInstalled: boolean;
  /** Standalone mode's own API: it runs no operator in a Pod, serves no `exec`, and enforces no rights. */
  readonly isStandalone: boolean;
  /** Where VDISessions are served. */
  readonly sessionNamespace: string;
  /** Where operator and gateway run. */
  readonly systemNamespace: string;
  readonly images: { readonly registry: string; readonly tag: string; readonly pullPolicy: string };
  /** For homes; undefined is the cluster's default class. */
  readonly storageClass: string | undefined;
  /** More values for the chart: a file. */
  readonly valuesFile: string | undefined;
  /** Whose session it is. */
  readonly user: string;
  /** For an installation that is there: where its dashboard is for this machine, and the user's password. */
  readonly dashboard: { readonly address: string; readonly password: string } | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Why there is nothing to run on, or what to run on. */
export type ClusterPlan =
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'run'; readonly settings: ClusterSettings };

/** Reads the environment, and asks the cluster what it is. Throws when it does not answer. */
export async function planRun(environment: Environment, version: string): Promise<ClusterPlan> {
  const value = (name: string): string | undefined => environment[`VDI_CLUSTER_${name}`] || undefined;
  const kubeconfig = environment['KUBECONFIG'];
  if (!kubeconfig) return { kind: 'none', why: 'KUBECONFIG names no cluster' };
  const isInstalled = value('INSTALLED') === 'true';
  const isStandalone = await isStandaloneMode(kubeconfig);
  if (isStandalone && !isInstalled) {
    const why =
      "KUBECONFIG names standalone mode's API, where nothing can be installed; VDI_CLUSTER_INSTALLED=true tests what runs there";
    return { kind: 'none', why };
  }
  const runName = `vdi-test-${randomBytes(4).toString('hex').slice(0, 6)}`;
  const password = value('PASSWORD');
  const address = value('DASHBOARD');
  // Without a password nobody signs in, and a person that nobody is cannot have a home that somebody needs.
  const someone = isInstalled ? `${runName}@example.com` : 'alice@example.com';
  return {
    kind: 'run',
    settings: {
      kubeconfig,
      runName,
      isInstalled,
      isStandalone,
      sessionNamespace: isInstalled ? (value('NAMESPACE') ?? 'vdi-sessions') : runName,
      systemNamespace: isInstalled ? (value('SYSTEM_NAMESPACE') ?? 'vdi-system') : `${runName}-system`,
      images: {
        registry: value('REGISTRY') ?? 'localhost',
        tag: value('TAG') ?? version,
        pullPolicy: value('PULL_POLICY') ?? 'IfNotPresent',
      },
      storageClass: value('STORAGE_CLASS'),
      valuesFile: value('VALUES'),
      user: value('USER') ?? someone,
      dashboard: password === undefined || address === undefined ? undefined : { address, password },
    },
  };
}

async function isStandaloneMode(kubeconfig: string): Promise<boolean> {
  await using connection = await fetchFromKubeconfig(kubeconfig);
  const { gitVersion } = await createKubeClient({ ...connection }).serverVersion();
  return gitVersion.endsWith('+vdi');
}
