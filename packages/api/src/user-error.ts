/** A mistake in what somebody wrote: says what happened, why, and what to do. `code` is stable, for programs. */
export class UserError extends Error {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly whatToDo: string;

  constructor(code: string, facts: { readonly what: string; readonly why: string; readonly whatToDo: string }) {
    super(`${facts.what}: ${facts.why}. ${facts.whatToDo}.`);
    this.name = 'UserError';
    this.code = code;
    this.what = facts.what;
    this.why = facts.why;
    this.whatToDo = facts.whatToDo;
  }
}
