export { ApiError, type FieldError } from './api-error.ts';
export { createApiServer, type ApiServer, type ApiServerOptions } from './api-server.ts';
export type { Clock } from './clock.ts';
export type { PodLogsQuery, User } from './http/call.ts';
export type { Identifiers } from './registry/registry.ts';
export type { KubernetesObject, ObjectMeta, OwnerReference } from './resource/resource.ts';
export { createMemoryLog } from './storage/memory-log.ts';
export { openSqliteLog } from './storage/sqlite-log.ts';
export { StorageFailure, type Change, type RevisionLog } from './storage/revision-log.ts';
