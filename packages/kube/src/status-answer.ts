import { KubeError, type KubeErrorCause } from './kube-error.ts';

/** `metav1.Status`, the parts that say what went wrong. */
interface StatusBody {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly KubeErrorCause[]; readonly retryAfterSeconds?: number };
}

const longestQuote = 200;

/** The error that an unsuccessful response carries. Proxies answer without a `Status`; then the text is quoted. */
export async function errorOfResponse(response: Response, action: string): Promise<KubeError> {
  const text = await response.text().catch((cause: unknown) => `(the answer could not be read: ${String(cause)})`);
  const status = parseStatus(text);
  const retryAfterSeconds = secondsOf(response.headers.get('retry-after')) ?? status?.details?.retryAfterSeconds;
  if (status !== undefined) return errorOfStatus({ ...status, code: response.status }, action, retryAfterSeconds);
  return new KubeError({
    status: response.status,
    reason: response.status === 429 ? 'TooManyRequests' : 'InvalidAnswer',
    message: `${action} failed with HTTP ${response.status}: ${text.slice(0, longestQuote).trim() || 'no text'}`,
    retryAfterSeconds,
  });
}

/** The error that a `Status` object carries, such as the object of an ERROR event in a watch. */
export function errorOfStatus(status: StatusBody, action: string, retryAfterSeconds?: number): KubeError {
  return new KubeError({
    status: status.code ?? 0,
    reason: status.reason ?? 'Unknown',
    message: `${action} failed: ${status.message ?? status.reason ?? `HTTP ${status.code}`}`,
    causes: status.details?.causes ?? [],
    retryAfterSeconds: retryAfterSeconds ?? status.details?.retryAfterSeconds,
  });
}

function parseStatus(text: string): StatusBody | undefined {
  try {
    const body = JSON.parse(text) as StatusBody | null;
    return typeof body === 'object' && body?.kind === 'Status' ? body : undefined;
  } catch {
    // Not JSON: the answer comes from something in between, and is quoted as it is.
    return undefined;
  }
}

/** `Retry-After` in seconds; its other form, a date, is not used by Kubernetes. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
