/** What dockerode throws when the engine answered with an error. */
interface EngineAnswer {
  readonly statusCode: number;
}

function hasStatus(error: unknown, ...codes: readonly number[]): boolean {
  const { statusCode } = (error ?? {}) as Partial<EngineAnswer>;
  return statusCode !== undefined && codes.includes(statusCode);
}

/** The engine knows no such container, image or network. */
export const isMissing = (error: unknown): boolean => hasStatus(error, 404);

/** What was asked is so already, such as starting a container that runs. */
export const isUnchanged = (error: unknown): boolean => hasStatus(error, 304);

/** Something of that name exists, or the state does not allow it now. */
export const isEngineConflict = (error: unknown): boolean => hasStatus(error, 409);

/** The engine's words without dockerode's "(HTTP code 500) server error -", and what to do where everybody has to. */
export function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const words = message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
  return noSpace.test(words) ? `${words}; the disk is full: make room ("df -h" shows where), it is tried again` : words;
}

/** ENOSPC and EDQUOT, in the words of every program that meets them. */
const noSpace = /no space left on device|disk quota exceeded/i;
