import { ApiError } from '../api-error.ts';
import { timestamp } from '../clock.ts';
import { deleteObject } from '../registry/delete.ts';
import { parseDeleteOptions } from '../registry/delete-options.ts';
import { badRequest, conflict, methodNotAllowed } from '../registry/errors.ts';
import type { ObjectRef } from '../registry/object-ref.ts';
import { getObject } from '../registry/read.ts';
import { updateObject } from '../registry/update.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { jsonAnswer } from './answer.ts';
import { type PodLogsQuery, type ResourceCall, type Server, writeOptionsOf } from './call.ts';
import { chosenContainer } from './pod-container.ts';
import { disruptionRefusal } from './disruption-refusal.ts';
import { notClaimed } from './not-served.ts';
import { needsWebSocket, podExecQuery } from './pod-exec.ts';
import { decodeBody, mediaTypeOf, readBody } from './request-body.ts';

/** `log`, `binding`, `eviction` and `exec`; whatever else a Pod has upstream is 501. */
export async function handlePodSubresource(server: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const { subresource } = call.route;
  const { method } = call.request;
  if (ref.resource.group !== '' || ref.resource.plural !== 'pods') throw notClaimed(ref.resource, subresource);
  switch (subresource) {
    case 'log':
      if (method !== 'GET') throw wrongMethod(subresource);
      return logs(server, call, ref);
    case 'binding':
      if (method !== 'POST') throw wrongMethod(subresource);
      return bind(server, call, ref);
    case 'eviction':
      if (method !== 'POST') throw wrongMethod(subresource);
      return evict(server, call, ref);
    case 'exec':
      if (!server.servesExec) throw notClaimed(ref.resource, subresource);
      // First what is wrong beside the way of asking: kubectl shows this answer when its WebSocket was refused.
      podExecQuery(server, call, ref);
      throw needsWebSocket();
    default:
      throw notClaimed(ref.resource, subresource);
  }
}

async function logs({ registry, podLogs }: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const pod = getObject(registry, ref);
  const container = chosenContainer(pod, call.query);
  if (podLogs === undefined) throw notClaimed(ref.resource, 'log');
  const { uid = '' } = pod.metadata;
  return podLogs({ ...logsQuery(call), namespace: ref.namespace, name: ref.name, uid, container });
}

function logsQuery({ query, request }: ResourceCall): Omit<PodLogsQuery, 'namespace' | 'name' | 'uid' | 'container'> {
  const isTrue = (name: string) => query.get(name) === 'true' || query.get(name) === '1';
  const whole = (name: string) => {
    const text = query.get(name);
    if (text === null) return {};
    if (!/^\d+$/.test(text)) throw badRequest(`${name} must be a whole number, not "${text}"`);
    return { [name]: Number(text) };
  };
  const sinceTime = query.get('sinceTime');
  if (sinceTime !== null && Number.isNaN(Date.parse(sinceTime))) {
    throw badRequest(`sinceTime must be RFC 3339, such as 2026-01-31T12:00:00Z, not "${sinceTime}"`);
  }
  return {
    follow: isTrue('follow'),
    previous: isTrue('previous'),
    timestamps: isTrue('timestamps'),
    ...whole('sinceSeconds'),
    ...whole('tailLines'),
    ...whole('limitBytes'),
    ...(sinceTime === null ? {} : { sinceTime }),
    signal: request.signal,
  };
}

async function bind({ registry }: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const binding = decodeBody(await readBody(call.request), mediaTypeOf(call.request)) as {
    readonly metadata?: { readonly uid?: string };
    readonly target?: { readonly kind?: string; readonly name?: string };
  } | null;
  const { kind = 'Node', name: nodeName } = binding?.target ?? {};
  if (typeof nodeName !== 'string' || nodeName === '' || kind !== 'Node') {
    throw badRequest('target must be a Node, with its name in target.name');
  }
  const options = writeOptionsOf(call);
  const uid = binding?.metadata?.uid;
  // As the scheduler does, the status and the node change together, so neither may isolate the other.
  updateObject(registry, ref, (pod) => bound(ref, pod, { nodeName, uid, now: registry.clock.now() }), {
    ...options,
    subresource: 'binding',
  });
  return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

function bound(
  ref: ObjectRef,
  pod: KubernetesObject,
  to: { readonly nodeName: string; readonly uid: string | undefined; readonly now: Date },
): KubernetesObject {
  const spec = (pod['spec'] ?? {}) as { readonly nodeName?: string };
  const status = (pod['status'] ?? {}) as { readonly conditions?: readonly { readonly type: string }[] };
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(ref.resource, ref.name, `pod ${ref.name} is being deleted, cannot be assigned to a host`);
  }
  if (spec.nodeName !== undefined && spec.nodeName !== '') {
    throw conflict(ref.resource, ref.name, `pod ${ref.name} is already assigned to node "${spec.nodeName}"`);
  }
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(to.now) };
  return {
    ...pod,
    metadata: { ...pod.metadata, ...(to.uid === undefined ? {} : { uid: to.uid }) },
    spec: { ...spec, nodeName: to.nodeName },
    status: { ...status, conditions: [...others, scheduled] },
  };
}

async function evict({ registry }: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const eviction = decodeBody(await readBody(call.request), mediaTypeOf(call.request)) as {
    readonly deleteOptions?: unknown;
  } | null;
  const pod = getObject(registry, ref);
  const refusal = disruptionRefusal(registry, pod);
  if (refusal !== undefined) {
    throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [{ type: 'DisruptionBudget', field: '', message: refusal }],
    });
  }
  const options = parseDeleteOptions(eviction?.deleteOptions, call.query);
  deleteObject(registry, ref, { ...options, dryRun: options.dryRun || writeOptionsOf(call).dryRun });
  return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

function wrongMethod(subresource: string): ApiError {
  return methodNotAllowed(`the server does not allow this method on ${subresource}`);
}
