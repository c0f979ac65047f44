import { labelValue } from './names.ts';
import { userKey } from './user-key.ts';
import type { VDISession } from './vdisession.ts';

/** Label keys. The values of `user` are user keys: "@" is not legal in a label. */
export const labels = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  component: 'app.kubernetes.io/component',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
  session: 'vdi.kasm.io/session',
  template: 'vdi.kasm.io/template',
  user: 'vdi.kasm.io/user',
  /** On nodes that run TURN: their addresses are what sessions may reach. */
  turnNode: 'vdi.kasm.io/turn',
} as const;

/** Annotation keys. */
export const annotations = {
  /** The readable user name, beside the label with the key. On a home it says whose it is. */
  user: 'vdi.kasm.io/user-name',
  /** Which incarnation of its session a Pod is: 1, 2, … */
  incarnation: 'vdi.kasm.io/incarnation',
  /** Hash of what was last applied, so that an unchanged object costs no write. */
  appliedHash: 'vdi.kasm.io/applied-hash',
  /** On a Pod: `<uid>/<generation>` of the template that it was built from. */
  templateRevision: 'vdi.kasm.io/template-revision',
  /** On a home: the PersistentVolume it was first bound to. */
  homeVolume: 'vdi.kasm.io/home-volume',
  /** On a session: who asked for it, where that is not the user. */
  requestedBy: 'vdi.kasm.io/requested-by',
  /** On a Pod: how many incarnations in a row were lost before this one. */
  lostBefore: 'vdi.kasm.io/lost-before',
  /** On a Pod: the UDP port of it that the standalone node is to publish for media. */
  mediaPort: 'vdi.kasm.io/media-port',
  /** Set on Pods by the standalone node: `127.0.0.1:<port>`, where their port `http` is reached. */
  endpoint: 'vdi.kasm.io/endpoint',
  /** On a VDIUser: the sign-ins that were ended before their time. */
  endedSignIns: 'vdi.kasm.io/ended-sign-ins',
} as const;

export const finalizers = {
  /** On every VDISession, before its first child exists. */
  session: 'vdi.kasm.io/session-cleanup',
} as const;

/** Field managers of server-side apply: one per writer, so that each prunes only what it wrote itself. */
export const fieldManagers = {
  session: 'vdi-session-controller',
  sessionStatus: 'vdi-session-status',
  sessionFinalizer: 'vdi-session-finalizer',
  home: 'vdi-home-controller',
  template: 'vdi-template-controller',
  user: 'vdi-user-controller',
  gpu: 'vdi-gpu-controller',
  gateway: 'vdi-gateway',
  node: 'vdi-node',
  cli: 'vdi-cli',
} as const;

/** Values of `app.kubernetes.io/name` and `managed-by`. */
export const applicationName = 'vdi-session';
export const managerName = 'vdi-operator';

/** The labels of every child of a session. */
export function sessionLabels(session: Pick<VDISession, 'metadata' | 'spec'>): Readonly<Record<string, string>> {
  return {
    [labels.name]: applicationName,
    [labels.instance]: session.metadata.name,
    [labels.managedBy]: managerName,
    [labels.session]: session.metadata.name,
    [labels.template]: labelValue(session.spec.template),
    [labels.user]: userKey(session.spec.user),
  };
}
