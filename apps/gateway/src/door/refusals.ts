/** Why the door does not let a request through: what happened, and what to do. Codes are stable, for programs. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** The heading of the page. */
  readonly title: string;
  /** One or two sentences. */
  readonly message: string;
  readonly whatToDo: string;
  /** Where the button of the page leads. */
  readonly action?: { readonly label: string; readonly href: string };
  readonly retryAfterSeconds?: number;
}

const toDashboard = (dashboard: string) => ({ label: 'Go to the dashboard', href: dashboard });
const tryAgain = { label: 'Try again', href: '' };

export const badRequest: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  title: 'This request cannot be passed on',
  message: 'Its address, method or framing is not one that a browser sends to a desktop.',
  whatToDo: 'Open the desktop in a browser.',
};

export const foreignOrigin: Refusal = {
  status: 403,
  code: 'FOREIGN_ORIGIN',
  title: 'Another site asked for this',
  message: 'Only the page of this desktop may connect to it or change something in it.',
  whatToDo: 'Open the desktop itself, in a tab of its own.',
};

export const tooMany: Refusal = {
  status: 503,
  code: 'TOO_MANY_CONNECTIONS',
  title: 'Too many connections',
  message: 'This browser has as many connections to this desktop as one person may have.',
  whatToDo: 'Close other tabs of the desktop and try again.',
  action: tryAgain,
  retryAfterSeconds: 5,
};

export const unreachable: Refusal = {
  status: 502,
  code: 'UNREACHABLE',
  title: 'The desktop does not answer',
  message: 'It is said to be running, but nothing answers at its address. It may be restarting.',
  whatToDo: 'Try again in a few seconds. If it stays so, suspend and resume the desktop in the dashboard.',
  action: tryAgain,
  retryAfterSeconds: 2,
};

export const tooSlow: Refusal = {
  status: 504,
  code: 'TIMEOUT',
  title: 'The desktop takes too long to answer',
  message: 'It accepted the connection and then said nothing. It may be overloaded.',
  whatToDo: 'Try again in a few seconds. If it stays so, suspend and resume the desktop in the dashboard.',
  action: tryAgain,
  retryAfterSeconds: 5,
};

export const failedInside: Refusal = {
  status: 500,
  code: 'INTERNAL',
  title: 'Something went wrong in the gateway',
  message: 'The request was not passed on. The log of the gateway says why.',
  whatToDo: 'Try again; if it happens again, tell the administrator when it was.',
  action: tryAgain,
};

export function unknownHost(label: string, dashboard: string): Refusal {
  return {
    status: 404,
    code: 'UNKNOWN_HOST',
    title: 'There is no desktop here',
    message: `No session has the host name “${label}”. It may have been deleted, or the address has a typing error.`,
    whatToDo: 'The dashboard lists your desktops.',
    action: toDashboard(dashboard),
  };
}

/** Below the door's own prefix, where no desktop is asked. */
export function nothingHere(dashboard: string): Refusal {
  return {
    status: 404,
    code: 'NOT_FOUND',
    title: 'There is nothing here',
    message: 'Addresses that begin with /.vdi/ are the gateway\u2019s own, and this is none of them.',
    whatToDo: 'Open the desktop itself, or go to the dashboard.',
    action: toDashboard(dashboard),
  };
}

export function signedOut(openAddress: string): Refusal {
  return {
    status: 401,
    code: 'SIGNED_OUT',
    title: 'You are signed out',
    message: 'This browser has no valid pass for this desktop.',
    whatToDo: 'Sign in and open the desktop again.',
    action: { label: 'Sign in', href: openAddress },
  };
}

export function invalidCode(openAddress: string): Refusal {
  return {
    status: 401,
    code: 'CODE_INVALID',
    title: 'This link does not work any more',
    message: 'A link into a desktop works once, for one person, and for 30 seconds.',
    whatToDo: 'Open the desktop again to get a new one.',
    action: { label: 'Open the desktop', href: openAddress },
  };
}

export function forbidden(dashboard: string): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    title: 'This desktop is not shared with you',
    message: 'It belongs to somebody else, who has not shared it with you or has ended the sharing.',
    whatToDo: 'Ask the owner to share it, or sign in as somebody who may open it.',
    action: toDashboard(dashboard),
  };
}

export function ended(dashboard: string): Refusal {
  return {
    status: 410,
    code: 'ENDED',
    title: 'This desktop has ended',
    message: 'The session was deleted or its time is over. If it had a home folder, the files in it are kept.',
    whatToDo: 'Launch another desktop from the dashboard.',
    action: toDashboard(dashboard),
  };
}

export function starting(message: string): Refusal {
  return {
    status: 503,
    code: 'STARTING',
    title: 'The desktop is starting',
    message: message === '' ? 'It is not ready yet.' : message,
    whatToDo: 'Wait a moment and try again.',
    action: tryAgain,
    retryAfterSeconds: 1,
  };
}

export function suspended(dashboard: string): Refusal {
  return {
    status: 503,
    code: 'SUSPENDED',
    title: 'The desktop is suspended',
    message: 'It was stopped to save resources. Its files, and its place, are kept.',
    whatToDo: 'Its owner brings it back by opening it, or with “Resume” in the dashboard.',
    action: toDashboard(dashboard),
  };
}

export function outsideSchedule(message: string, dashboard: string): Refusal {
  return {
    status: 503,
    code: 'OUTSIDE_SCHEDULE',
    title: 'No desktop at this hour',
    message: message === '' ? 'The schedule of its template keeps it stopped now.' : message,
    whatToDo: 'Come back later, or ask the administrator about the schedule.',
    action: toDashboard(dashboard),
  };
}

export function failed(message: string, dashboard: string): Refusal {
  return {
    status: 503,
    code: 'FAILED',
    title: 'The desktop could not be started',
    message: message === '' ? 'The session says no more about it.' : message,
    whatToDo: 'Change what the message names, or delete the session in the dashboard and launch another one.',
    action: toDashboard(dashboard),
  };
}
