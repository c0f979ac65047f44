/** RFC 1123: what Kubernetes accepts as names, label keys and label values. */
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dnsLabel = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(\\.${label})*$`);
const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && dnsLabel.test(text);
}

export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && dnsSubdomain.test(text);
}

/** `name` or `prefix.example/name`. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash !== -1 && !isDnsSubdomain(text.slice(0, slash))) return false;
  return name.length <= 63 && qualifiedName.test(name);
}

export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && qualifiedName.test(text));
}

/** What names of a kind must be, and how to say so. */
export interface NameRule {
  readonly isValid: (name: string) => boolean;
  readonly text: string;
}

export const labelName: NameRule = {
  isValid: isDnsLabel,
  text:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
    "with an alphanumeric character (e.g. 'my-name', or '123-abc'), at most 63 characters",
};

export const subdomainName: NameRule = {
  isValid: isDnsSubdomain,
  text:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
    "and end with an alphanumeric character (e.g. 'example.com'), at most 253 characters",
};

/** For names such as `system:node`: anything that can be one segment of a path. */
export const pathSegmentName: NameRule = {
  isValid: (name) => name !== '.' && name !== '..' && !/[/%]/.test(name),
  text: "may not be '.' or '..' and may not contain '/' or '%'",
};
