import type { VDISession, VDITemplate } from '@vdi/api';

/** Everything that somebody may ask to do. */
export const actions = [
  'session.list',
  'session.get',
  'session.watch',
  'session.create',
  'session.delete',
  'session.suspend',
  'session.resume',
  'session.extend',
  'session.share',
  'session.open',
  'session.connect',
  'template.list',
  'template.get',
  'template.write',
  'user.list',
  'user.get',
  'user.write',
] as const;

export type Action = (typeof actions)[number];

/** What an action is about. */
export type AccessObject =
  | { readonly kind: 'session'; readonly session: VDISession }
  /** All sessions of one user, or of everybody when that is undefined. */
  | { readonly kind: 'sessionsOf'; readonly user: string | undefined }
  | { readonly kind: 'newSession'; readonly user: string; readonly template: VDITemplate | undefined }
  | { readonly kind: 'template'; readonly template: VDITemplate }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'none' };
