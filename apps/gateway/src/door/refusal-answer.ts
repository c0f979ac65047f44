import { answer, type DoorAnswer } from './answer.ts';
import { page, pagePolicy } from './page/page.ts';
import type { Refusal } from './refusals.ts';

/** A page for people who look at it, JSON for programs; the same status for both. */
export function refusalAnswer(refusal: Refusal, { asPage }: { readonly asPage: boolean }): DoorAnswer {
  const { status, code, message, whatToDo, retryAfterSeconds } = refusal;
  const retry = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  if (!asPage) {
    const body = JSON.stringify({ error: { code, message, whatToDo } });
    return answer(status, { ...retry, 'Content-Type': 'application/json' }, `${body}\n`);
  }
  const headers = { ...retry, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': pagePolicy };
  return answer(status, headers, page(refusal));
}
