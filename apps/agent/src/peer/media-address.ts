/** Where viewers reach the media port, when that is not an address of this machine: behind port mapping or NAT. */
export interface MediaAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * `host:port[,host:port…]`; IPv6 addresses in brackets.
 * @throws RangeError saying which entry is wrong.
 */
export function parseMediaAddresses(text: string): readonly MediaAddress[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const { host, port } = /^\[?(?<host>[^\]\s]+?)\]?:(?<port>\d{1,5})$/.exec(entry)?.groups ?? {};
      if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
        throw new RangeError(`"${entry}" must be host:port, such as 203.0.113.7:50000.`);
      }
      return { host, port: Number(port) };
    });
}
