import { accessSync } from 'node:fs';
import { engineNeeds, imageNeeds } from '@vdi/solo';

/** Something that standalone mode needs of the machine. */
export interface Need {
  readonly name: string;
  /** What it is needed for, as the end of "needed …". */
  readonly purpose: string;
  /** What was found, in few words; undefined when it is missing. */
  find(): Promise<string | undefined>;
  /** What brings it: a package of Debian, or a sentence for a person. */
  readonly remedy: { readonly debianPackage: string } | { readonly advice: string };
}

const lowestNodeMajor = 24;

/** Everything standalone mode needs, in the order in which it is told. */
export const needs: readonly Need[] = [
  {
    name: 'Linux',
    purpose: 'because desktops are Linux containers',
    find: async () => (process.platform === 'linux' && isReadable('/proc/self/stat') ? 'with /proc' : undefined),
    remedy: { advice: 'Use a Linux machine or virtual machine with /proc mounted' },
  },
  {
    name: `Node.js ${lowestNodeMajor}`,
    purpose: 'to run everything; it comes with npm ci',
    find: async () => (Number(process.versions.node.split('.')[0]) >= lowestNodeMajor ? process.version : undefined),
    remedy: {
      advice: 'Start with make up, or with npx vdi up in the checkout: both use the Node.js that npm ci brought',
    },
  },
  ...engineNeeds,
  ...imageNeeds,
];

/** The needs that this machine does not meet. */
export async function missingNeeds(wanted: readonly Need[] = needs): Promise<readonly Need[]> {
  const found = await Promise.all(wanted.map(async (need) => ((await need.find()) === undefined ? [need] : [])));
  return found.flat();
}

function isReadable(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    // That it cannot be read is the answer.
    return false;
  }
}
