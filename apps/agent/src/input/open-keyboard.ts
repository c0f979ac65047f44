import type { TestInput } from 'x11';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import { Keyboard } from './keyboard.ts';
import { Keymap } from './keymap.ts';

const keyPress = 2;
const keyRelease = 3;
const keyboardMapping = 1;
const lockMask = 2;
/** X11 keycode of Caps Lock under the evdev rules. */
const capsLockKeycode = 66;

/** Connects a keyboard to the server: presses through XTEST, follows its layout and its Caps Lock. */
export async function openKeyboard(options: {
  readonly connection: XConnection;
  readonly xtest: TestInput;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Keyboard> {
  const { connection, xtest, clock, log } = options;
  const { client, root } = connection;

  const refresh = (read: () => Promise<void>): void => {
    read().catch((error: unknown) => log.warn({ err: error }, 'Could not read the keyboard layout'));
  };
  const followLayout = async (): Promise<void> => keyboard.remapped(await readKeymap(connection));
  const followLock = async (): Promise<void> => {
    const { keyMask } = await connection.reply<{ readonly keyMask: number }>((done) => client.QueryPointer(root, done));
    keyboard.locked((keyMask & lockMask) !== 0);
  };
  const port = {
    press: (keycode: number) => xtest.FakeInput(keyPress, keycode, 0, root, 0, 0),
    release: (keycode: number) => {
      xtest.FakeInput(keyRelease, keycode, 0, root, 0, 0);
      if (keycode === capsLockKeycode) refresh(followLock);
    },
    bind: (keycode: number, keysym: number) => client.ChangeKeyboardMapping(keycode, 2, [keysym, keysym]),
  };
  const keyboard = new Keyboard(port, await readKeymap(connection), clock);
  await followLock();
  client.on('event', (event) => {
    if (event.name !== 'MappingNotify' || event['request'] !== keyboardMapping) return;
    const isOurs = event['count'] === 1 && keyboard.owns(event['firstKeyCode'] as number);
    if (!isOurs) refresh(followLayout);
  });
  return keyboard;
}

async function readKeymap(connection: XConnection): Promise<Keymap> {
  const { client } = connection;
  const { min_keycode: first, max_keycode: last } = client.display;
  const rows = await connection.reply<readonly (readonly number[])[]>((done) =>
    client.GetKeyboardMapping(first, last - first + 1, done),
  );
  return new Keymap(first, rows);
}
