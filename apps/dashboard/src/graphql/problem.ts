import type { CombinedError } from 'urql';

/** Why a request came to nothing, for people. */
export interface Problem {
  readonly kind: 'signed-out' | 'unreachable' | 'refused';
  readonly title: string;
  readonly detail: string;
}

/** Reads the gateway's answer: its own messages say what happened and what to do, and are shown as they are. */
export function problemOf(error: CombinedError): Problem {
  const codes = error.graphQLErrors.map(({ extensions }) => extensions['code']);
  const status = (error.response as Response | undefined)?.status;
  if (codes.includes('UNAUTHENTICATED') || status === 401) {
    return { kind: 'signed-out', title: 'You are signed out', detail: 'Sign in to go on; your desktops keep running.' };
  }
  const [first] = error.graphQLErrors;
  if (first !== undefined) return { kind: 'refused', title: 'That did not work', detail: first.message };
  return {
    kind: 'unreachable',
    title: 'The gateway cannot be reached',
    detail:
      status === undefined || status === 0
        ? 'Your desktops keep running. Check your network; this page tries again by itself.'
        : `It answered with status ${status}. Your desktops keep running; try again in a moment.`,
  };
}

/** Asks the gateway whether it still knows who this is; while it does not answer, nobody can say. */
export async function isSignedOut(): Promise<boolean> {
  try {
    const { status } = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { user } }' }),
    });
    return status === 401;
  } catch {
    // Not reached: the next attempt will tell.
    return false;
  }
}
