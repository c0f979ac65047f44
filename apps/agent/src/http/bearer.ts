import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the `Authorization` header carries `token`, compared in constant time. */
export function hasBearer(authorization: string | undefined, token: string): boolean {
  const { given } = /^Bearer (?<given>\S+)$/i.exec(authorization ?? '')?.groups ?? {};
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
