import type { XConnection } from '../display/x-connection.ts';

const names = [
  'CLIPBOARD',
  'TARGETS',
  'TIMESTAMP',
  'INCR',
  'UTF8_STRING',
  'TEXT',
  'text/plain;charset=utf-8',
  'text/plain',
  'image/png',
  'VDI_CLIPBOARD',
] as const;

/** Predefined by the protocol (X11, Appendix B). */
const predefined = { ATOM: 4, INTEGER: 19, STRING: 31 } as const;

/** Numbers of the names that selections are spoken about in. */
export type SelectionAtoms = Readonly<Record<(typeof names)[number] | keyof typeof predefined, number>>;

export async function internSelectionAtoms(connection: XConnection): Promise<SelectionAtoms> {
  const entries = names.map(async (name) => {
    const atom = await connection.reply<number>((done) => connection.client.InternAtom(false, name, done));
    return [name, atom] as const;
  });
  return { ...Object.fromEntries(await Promise.all(entries)), ...predefined } as SelectionAtoms;
}
