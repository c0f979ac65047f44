import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findProgram } from '../../tools/kubectl.ts';
import { chartFolder, type Values } from '../chart/helm.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { type Kubectl, runProgram } from './kubectl.ts';
import { removeNamespace } from './remove-namespace.ts';

/** Where people open the dashboard of the installation. A name that nobody has (RFC 6761). */
export function domainOf({ runName }: ClusterSettings): string {
  return `${runName}.vdi.test`;
}

/** The namespace that the chart insists on, because the dashboard creates sessions there. */
const dashboardNamespace = 'vdi-sessions';

/** What the chart is told; no Traefik is needed, because this machine forwards a port to the gateway. */
function chartValues(settings: ClusterSettings): Values {
  const { images, sessionNamespace, storageClass } = settings;
  return {
    domain: domainOf(settings),
    localAccounts: { enabled: true },
    route: { kind: 'none' },
    images,
    sessions: { namespaces: [dashboardNamespace, sessionNamespace] },
    homes: { storageClass: { create: false, ...(storageClass !== undefined && { name: storageClass }) } },
    // Templates belong to the whole cluster: the run makes one of a name of its own.
    templates: { create: false },
  };
}

/** Installs the chart. Disposing removes all that came with it: definitions only if they were not there before. */
export async function installChart(kubectl: Kubectl, settings: ClusterSettings): Promise<AsyncDisposable> {
  const { systemNamespace, sessionNamespace, kubeconfig, valuesFile } = settings;
  const helm = process.env['VDI_CLUSTER_HELM'] ?? findProgram('helm');
  const runHelm = async (args: readonly string[], input = ''): Promise<void> => {
    const { status, stdout, stderr } = await runProgram(helm, args, kubeconfig, { input, withinMs: 300_000 });
    if (status !== 0) throw new Error(`helm ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
  };
  await using owned = new AsyncDisposableStack();
  owned.defer(await removerOfDefinitions(kubectl));
  for (const namespace of [dashboardNamespace, sessionNamespace])
    owned.defer(() => removeNamespace(kubectl, namespace));
  // Even of an installation that failed half-way a release is left.
  owned.defer(() => runHelm(['uninstall', 'vdi', '--namespace', systemNamespace, '--ignore-not-found', '--wait']));
  const files = ['--values', '-', ...(valuesFile === undefined ? [] : ['--values', valuesFile])];
  await runHelm(
    ['upgrade', '--install', 'vdi', chartFolder, '--namespace', systemNamespace, ...files],
    JSON.stringify(chartValues(settings)),
  );
  const kept = owned.move();
  return { [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Notes which definitions are there now, and removes those that were not there then. */
async function removerOfDefinitions(kubectl: Kubectl): Promise<() => Promise<void>> {
  const folder = join(chartFolder, 'crds');
  const names = readdirSync(folder).map((file) => {
    const { metadata } = parse(readFileSync(join(folder, file), 'utf8')) as {
      readonly metadata: { readonly name: string };
    };
    return metadata.name;
  });
  const added: string[] = [];
  for (const name of names) if ((await kubectl.try(['get', 'crd', name])).status !== 0) added.push(name);
  return async () => {
    if (added.length > 0) await kubectl.run(['delete', 'crd', ...added, '--ignore-not-found'], { withinMs: 120_000 });
  };
}
