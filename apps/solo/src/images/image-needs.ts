import { existsSync } from 'node:fs';
import { findProgram } from '../node/engine/find-program.ts';
import { debianKeyring } from './apt/debian-sources.ts';

/** Something that building images needs of the machine, for `vdi doctor`. */
export interface ImageNeed {
  readonly name: string;
  /** What it is needed for, as the end of "needed …". */
  readonly purpose: string;
  /** What was found, in few words; undefined when it is missing. */
  find(): Promise<string | undefined>;
  readonly remedy: { readonly debianPackage: string };
}

/** What makes a Debian out of packages. Not met, images can be built only where a registry answers. */
export const imageNeeds: readonly ImageNeed[] = [
  {
    name: 'mmdebstrap',
    purpose: 'to build desktop images from Debian packages',
    find: async () => findProgram('mmdebstrap'),
    remedy: { debianPackage: 'mmdebstrap' },
  },
  {
    name: 'the keys of the Debian archive',
    purpose: 'to know that these packages are Debian’s',
    find: async () => (existsSync(debianKeyring) ? debianKeyring : undefined),
    remedy: { debianPackage: 'debian-archive-keyring' },
  },
];
