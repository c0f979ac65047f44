import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  createEventRecorder,
  createReflector,
  type EventRecorder,
  type Reflector,
  type Runtime,
} from '@vdi/controller';
import { type KubeClient, type KubeObject, type KubeResource, type Pod, typedResources } from '@vdi/kube';
import { createMetrics, type Logger } from '@vdi/telemetry';
import { nodeClock } from './clock.ts';
import { startHomeProvisioner } from './cluster/home-provisioner.ts';
import { startEndpoints } from './cluster/endpoints.ts';
import { inspectMachine, type Machine } from './cluster/machine.ts';
import { NodeRegistration } from './cluster/node-registration.ts';
import { startScheduler } from './cluster/scheduler.ts';
import type { Engine, EngineChoice } from './engine/engine.ts';
import { openEngine } from './engine/open-engine.ts';
import { engineMessage } from './engine/engine-error.ts';
import { ignoredLimitsHere } from './engine/resource-limits.ts';
import { ensurePauseImage } from './engine/pause-image.ts';
import { podExec } from './exec/pod-exec.ts';
import { ClaimHolders } from './kubelet/claim-holders.ts';
import { ImageStore } from './kubelet/image-store.ts';
import { Kubelet } from './kubelet/kubelet.ts';
import type { MediaAddresses, NodeContext } from './kubelet/node-context.ts';
import { podLogs } from './kubelet/pod-logs.ts';
import { closeNetworks } from './network/host-firewall.ts';
import type { NodeAnswers } from './node-door.ts';
import { dataLookup } from './objects/data-lookup.ts';
import { ownerOf, podsFolderOf, rememberEngine } from './stop-all-pods.ts';
import { claimFolder } from './volumes/claim-folder.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';

export interface NodeOptions {
  readonly kube: KubeClient;
  readonly stateDirectory: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Default `auto`. */
  readonly engine?: EngineChoice;
  /** The address of this machine by which desktops' media is reached. Default 127.0.0.1: only from this machine. */
  readonly mediaAddress?: string;
}

/** A node at work. Disposing it leaves the containers running; see `stopAllPods`. */
export interface Node extends NodeAnswers, AsyncDisposable {
  readonly name: string;
  readonly engine: Engine;
}

/** UDP ports of which each desktop gets one: below those that the kernel gives to anybody (ip_local_port_range). */
const mediaPorts = { first: 20_000, last: 29_999 } as const;

/** Makes this machine the node of a cluster: schedules, provisions homes and runs Pods as containers. Throws `UserError`. */
export async function startNode(options: NodeOptions): Promise<Node> {
  const { kube, log, clock = nodeClock } = options;
  await using starting = new AsyncDisposableStack();
  const stateDirectory = realpathSync(options.stateDirectory);
  const engine = starting.use(await openEngine({ stateDirectory, choice: options.engine ?? 'auto', log }));
  rememberEngine(stateDirectory, engine.flavour);
  const runtime: Runtime = { kube, clock, random: Math.random, logger: log, metrics: createMetrics() };
  const caches = await openCaches(runtime, starting);
  const machine = inspectMachine(stateDirectory);
  const nodeName = machine.hostname;
  const shared = { kube, clock, log, nodeName, stateDirectory };
  const recorder = (component: string): EventRecorder =>
    starting.use(createEventRecorder(runtime, { component, host: nodeName }));
  const openHost = await tryToCloseNetworks(engine, ownerOf(stateDirectory));
  const runtimeVersion = `${engine.flavour}://${engine.version}`;
  const registration = starting.use(
    await NodeRegistration.start({
      ...shared,
      machine,
      runtimeVersion,
      openHost,
      ignoredLimits: ignoredLimitsHere(engine.isRootless),
    }),
  );
  const homesFolder = join(stateDirectory, 'homes');
  starting.use(
    await startHomeProvisioner({ ...shared, ...caches, recorder: recorder('home-provisioner'), homesFolder }),
  );
  const context = contextOf({
    ...shared,
    engine,
    machine,
    caches,
    homesFolder,
    recorder: recorder('kubelet'),
    pauseImage: await ensurePauseImage(engine.docker),
    hasFirewall: openHost === undefined && !engine.isRootless,
    media: mediaAt(options.mediaAddress ?? '127.0.0.1'),
  });
  starting.use(await Kubelet.start({ ...caches, context, onEngine: (trouble) => registration.noteEngine(trouble) }));
  starting.use(startScheduler({ ...shared, ...caches, recorder: recorder('default-scheduler') }));
  starting.use(startEndpoints({ ...shared, ...caches }));
  const running = starting.move();
  log.info({ node: nodeName, engine: engine.flavour }, 'Started node');
  return {
    name: nodeName,
    engine,
    podLogs: (query) => podLogs(context, query),
    podExec: (query, socket) => podExec({ docker: engine.docker, owner: context.owner }, query, socket),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface ContextInputs extends Pick<
  NodeContext,
  'kube' | 'clock' | 'log' | 'nodeName' | 'engine' | 'recorder' | 'pauseImage' | 'media' | 'hasFirewall'
> {
  readonly stateDirectory: string;
  readonly homesFolder: string;
  readonly machine: Machine;
  readonly caches: Awaited<ReturnType<typeof openCaches>>;
}

function contextOf({ stateDirectory, homesFolder, machine, caches, ...given }: ContextInputs): NodeContext {
  const data = dataLookup(caches);
  const claims = new ClaimHolders();
  const { cpu, memory, ephemeralStorage, hostIP } = machine;
  const facts = { nodeName: given.nodeName, hostIP, podIP: undefined, capacity: { cpu, memory, ephemeralStorage } };
  const sources = {
    ...data,
    facts: () => facts,
    claimFolder: (pod: Pod, name: string): string => {
      const namespace = pod.metadata.namespace ?? '';
      const folder = claimFolder({ ...caches, homesFolder }, namespace, name);
      claims.take(`${namespace}/${name}`, pod);
      return folder;
    },
  };
  return {
    ...given,
    images: new ImageStore(given.engine.docker, given.clock),
    claims,
    data,
    owner: ownerOf(stateDirectory),
    hostIP,
    capacity: facts.capacity,
    namespaceLabels: (name) => caches.namespaces.cache.get(name)?.metadata.labels ?? {},
    volumes: new PodVolumes(podsFolder(stateDirectory), sources, !given.engine.isRootless),
  };
}

const mediaAt = (address: string): MediaAddresses => ({
  bindAddress: address,
  announced: [address],
  ports: mediaPorts,
});

/** Why containers may reach this machine, or undefined when they cannot. */
async function tryToCloseNetworks(engine: Engine, owner: string): Promise<string | undefined> {
  if (engine.isRootless) return 'without root only its loopback address is closed to them';
  try {
    await closeNetworks(owner);
    return undefined;
  } catch (error) {
    return engineMessage(error);
  }
}

function podsFolder(stateDirectory: string): string {
  const folder = podsFolderOf(stateDirectory);
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o711 });
  return folder;
}

async function openCaches(runtime: Runtime, owned: AsyncDisposableStack) {
  const open = <T extends KubeObject>(resource: KubeResource<T>): Reflector<T> =>
    owned.use(createReflector(runtime, { resource }));
  const caches = {
    pods: open(typedResources.pods),
    nodes: open(typedResources.nodes),
    configMaps: open(typedResources.configMaps),
    secrets: open(typedResources.secrets),
    namespaces: open(typedResources.namespaces),
    claims: open(typedResources.claims),
    volumes: open(typedResources.volumes),
    classes: open(typedResources.storageClasses),
    services: open(typedResources.services),
  };
  const all: readonly Pick<Reflector, 'start' | 'synced'>[] = Object.values(caches);
  for (const reflector of all) reflector.start();
  await Promise.all(all.map(({ synced }) => synced));
  return caches;
}
