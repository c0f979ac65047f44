import type { ClipboardContent } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { Clipboard, Copied } from './clipboard.ts';
import { readSelection } from './read-selection.ts';
import { internSelectionAtoms } from './selection-atoms.ts';
import { SelectionOwner } from './selection-owner.ts';

/** XFIXES: tell of a new owner; of owners that end nothing is to be read. */
const newOwner = 1;

/** @param connection the one over which keys are pressed, so that what is pasted is there before its key */
export async function openClipboard(options: {
  readonly connection: XConnection;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Clipboard> {
  const { connection, clock, log } = options;
  const atoms = await internSelectionAtoms(connection);
  const fixes = await connection.extension('fixes');
  const owner = new SelectionOwner({ connection, atoms, clock });
  const listeners = new Set<(copied: Copied) => void>();
  /** What lies on the clipboard, as far as it is known: programs paste their own copy better than ours. */
  let present: Copied | undefined;
  let changes = 0;
  let isOurs = false;
  let isReading = false;

  const read = async (): Promise<void> => {
    isReading = true;
    try {
      // A copy that comes while one is read replaces it.
      for (let seen = -1; seen !== changes;) {
        seen = changes;
        const copied = await readSelection({ connection, atoms, clock });
        // What somebody put there meanwhile came from the listeners' side.
        if (seen !== changes || copied === undefined || isOurs) continue;
        present = copied;
        for (const listener of listeners) listener(copied);
      }
    } catch (error) {
      log.warn({ err: error }, 'Could not read the clipboard of the desktop');
    } finally {
      isReading = false;
    }
  };

  connection.client.on('event', (event) => {
    if (event.name !== 'SelectionNotify' || event['selectionTimestamp'] === undefined) return;
    if (event['selection'] !== atoms.CLIPBOARD) return;
    isOurs = event['owner'] === owner.window;
    if (isOurs) {
      owner.owned(event['selectionTimestamp'] as number);
      return;
    }
    changes += 1;
    present = undefined;
    if (listeners.size > 0 && !isReading) void read();
  });
  fixes.SelectSelectionInput(connection.root, atoms.CLIPBOARD, newOwner);

  return {
    put(content) {
      if (isSame(present, content)) return;
      present = content;
      owner.own(content);
    },
    onCopy(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      owner[Symbol.dispose]();
      await connection.settled();
    },
  };
}

function isSame(present: Copied | undefined, content: ClipboardContent): boolean {
  if (present === undefined || present === 'too-large') return false;
  return present.format === content.format && Buffer.compare(present.bytes, content.bytes) === 0;
}
