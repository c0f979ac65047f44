import { startPart } from './part.ts';
import { accountsPart } from './parts/accounts-part.ts';
import { apiPart } from './parts/api-part.ts';
import { dashboardPart } from './parts/dashboard-part.ts';
import { definitionsPart } from './parts/definitions-part.ts';
import { gatewayKeysPart } from './parts/gateway-keys-part.ts';
import { gatewayPart } from './parts/gateway-part.ts';
import { imagesPart } from './parts/images-part.ts';
import { listenerPart } from './parts/listener-part.ts';
import { nodePart } from './parts/node-part.ts';
import { operatorPart } from './parts/operator-part.ts';
import { templatesPart } from './parts/templates-part.ts';
import { webPart } from './parts/web-part.ts';
import type { Solo, SoloOptions } from './solo.ts';
import { lockStateDirectory } from './state/process-lock.ts';
import { openStateDirectory } from './state/state-directory.ts';

/** Not 6443: a K3s on the same machine has it. */
const usualApiPort = 7443;

/** Starts the parts in the order in which they need each other. What was started is stopped again if a later one fails. */
export async function startParts({
  stateDirectory,
  port,
  apiPort,
  log,
  engine = 'none',
  mediaAddress = '127.0.0.1',
  imageCacheDirectory,
  progress = () => undefined,
  signal = new AbortController().signal,
}: SoloOptions): Promise<Solo> {
  await using running = new AsyncDisposableStack();
  const state = openStateDirectory(stateDirectory);
  running.use(lockStateDirectory(state));

  const report = { log, progress, signal };
  const apiPorts = apiPort === undefined ? [...(port === 0 ? [] : [usualApiPort]), 0] : [apiPort];
  const withApi = await startPart(apiPart, { state, log, port, apiPorts }, running, report);
  const withDefinitions = await startPart(definitionsPart, withApi, running, report);
  const withListener = await startPart(listenerPart, withDefinitions, running, report);
  const withWeb = await startPart(webPart, withListener, running, report);
  const withNode = await startPart(nodePart, { ...withWeb, engine, mediaAddress }, running, report);
  const withImages = { ...withNode, imageCacheDirectory, progress, signal };
  const started = await startPart(imagesPart, withImages, running, report);
  const withTemplates = await startPart(templatesPart, started, running, report);
  const withKeys = await startPart(gatewayKeysPart, withTemplates, running, report);
  const sessionPort = withKeys.web.port;
  const withOperator = await startPart(operatorPart, { ...withKeys, sessionPort }, running, report);
  const withDashboard = await startPart(dashboardPart, withOperator, running, report);
  const withAccounts = await startPart(accountsPart, withDashboard, running, report);
  const { url, apiUrl, kube, firstPasswords } = await startPart(gatewayPart, withAccounts, running, report);

  const kept = running.move();
  const facts = { url, apiUrl, kube, firstPasswords, kubeconfigPath: state.kubeconfig };
  return { ...facts, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
