/** The string formats that Kubernetes checks; others are allowed and mean nothing. */
import { isIPv4, isIPv6 } from 'node:net';

import { parseQuantity } from './quantity.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:(?:[0-5]\d|60)(?:[.,]\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX_GROUPS = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const MAC = /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;
const DURATION = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+)$/;

const CHECKS: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => BASE64.test(text.replace(/[\r\n]/g, '')),
  cidr: isCidr,
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': isDateTime,
  datetime: isDateTime,
  duration: (text) => DURATION.test(text),
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hostname: (text) => HOSTNAME.test(text),
  ipv4: (text) => isIPv4(text),
  ipv6: (text) => isIPv6(text),
  mac: (text) => MAC.test(text),
  quantity: (text) => parseQuantity(text) !== undefined,
  uri: isUri,
  uuid: (text) => HEX_GROUPS.test(text),
};

export function hasFormat(format: string, text: string): boolean {
  return CHECKS[format]?.(text) ?? true;
}

function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  return !Number.isNaN(Date.parse(text.replace(' ', 'T').replace(',', '.').replace(/:60/, ':59')));
}

/** `10.0.0.0/8`, IPv4 or IPv6. */
export function isCidr(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  if (length === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  if (isIPv4(address)) return Number(length) <= 32;
  return isIPv6(address) && Number(length) <= 128;
}

export function isIpAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

function isUri(text: string): boolean {
  return text.startsWith('/') || URL.canParse(text);
}
