import { startPart } from './part.ts';
import { apiPart } from './parts/api-part.ts';
import { definitionsPart } from './parts/definitions-part.ts';
import { imagesPart } from './parts/images-part.ts';
import { listenerPart } from './parts/listener-part.ts';
import { nodePart } from './parts/node-part.ts';
import { operatorPart } from './parts/operator-part.ts';
import { templatesPart } from './parts/templates-part.ts';
import { ticketKeysPart } from './parts/ticket-keys-part.ts';
import type { Solo, SoloOptions } from './solo.ts';
import { lockStateDirectory } from './state/process-lock.ts';
import { openStateDirectory } from './state/state-directory.ts';

/** Starts the parts in the order in which they need each other. What was started is stopped again if a later one fails. */
export async function startParts({
  stateDirectory,
  port,
  log,
  engine = 'none',
  mediaAddress = '127.0.0.1',
  imageCacheDirectory,
  progress = () => undefined,
}: SoloOptions): Promise<Solo> {
  await using running = new AsyncDisposableStack();
  const state = openStateDirectory(stateDirectory);
  running.use(lockStateDirectory(state));

  const report = { log, progress };
  const withApi = await startPart(apiPart, { state, log, port }, running, report);
  const withDefinitions = await startPart(definitionsPart, withApi, running, report);
  const withListener = await startPart(listenerPart, withDefinitions, running, report);
  const withNode = await startPart(nodePart, { ...withListener, engine, mediaAddress }, running, report);
  const withImages = { ...withNode, imageCacheDirectory, progress };
  const started = await startPart(imagesPart, withImages, running, report);
  const withTemplates = await startPart(templatesPart, started, running, report);
  const withTickets = await startPart(ticketKeysPart, withTemplates, running, report);
  const sessionPort = Number(new URL(withTickets.url).port);
  const { url, kube } = await startPart(operatorPart, { ...withTickets, sessionPort }, running, report);

  const kept = running.move();
  return { url, kubeconfigPath: state.kubeconfig, kube, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
