/** Hosts of sessions: one label in front of the public host, `alice.localhost:9000`. */
export interface SessionHosts {
  /** Name of the door's cookie: browsers share cookies between the ports of a host, so each port has its own. */
  readonly cookieName: string;
  /** The first label of a session's host; `undefined` for every other host, and for a host on another port. */
  labelOf(host: string | undefined): string | undefined;
  /** `http://alice.localhost:9000`, as browsers write it into `Origin`. */
  originOf(label: string): string;
  /** Where the dashboard gives a signed-in person a new code for this session. */
  openAddress(session: { readonly namespace: string; readonly name: string }): string;
  readonly dashboard: string;
}

const labelPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @param publicUrl where people reach the dashboard: `http://localhost:9000` */
export function sessionHosts(publicUrl: URL): SessionHosts {
  const suffix = `.${publicUrl.host}`;
  return {
    cookieName: publicUrl.port === '' ? '__Host-vdi-door' : `__Host-vdi-door-${publicUrl.port}`,
    labelOf(host) {
      const lower = host?.toLowerCase() ?? '';
      if (!lower.endsWith(suffix)) return undefined;
      const label = lower.slice(0, -suffix.length);
      return labelPattern.test(label) ? label : undefined;
    },
    originOf: (label) => `${publicUrl.protocol}//${label}${suffix}`,
    openAddress: ({ namespace, name }) =>
      `${publicUrl.origin}/open/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`,
    dashboard: `${publicUrl.origin}/`,
  };
}
