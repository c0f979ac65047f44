import koffi, { type KoffiFunc } from 'koffi';
import { openSharedLibrary, type Pointer } from './shared-library.ts';

/** A System V shared memory segment, mapped into this process. The X server attaches it by `id` (MIT-SHM). */
export interface SharedMemory extends Disposable {
  readonly id: number;
  readonly address: Pointer;
  readonly bytes: number;
  /** Lets the kernel free the segment when the last process detaches, however that process ends. Call it once both sides are attached. */
  markForRemoval(): void;
}

// linux/ipc.h, linux/shm.h
const ipcPrivate = 0;
const ipcCreate = 0o1000;
const ipcRemove = 0;
const ownerOnly = 0o600;

const failed = -1n;

const libc = openSharedLibrary('libc.so.6', 'libc6');
const shmget = libc.func('int shmget(int key, size_t size, int flags)') as KoffiFunc<
  (key: number, bytes: number, flags: number) => number
>;
const shmat = libc.func('intptr_t shmat(int id, void *address, int flags)') as KoffiFunc<
  (id: number, address: null, flags: number) => number | bigint
>;
const shmdt = libc.func('int shmdt(uintptr_t address)') as KoffiFunc<(address: Pointer) => number>;
const shmctl = libc.func('int shmctl(int id, int command, void *buffer)') as KoffiFunc<
  (id: number, command: number, buffer: null) => number
>;

/**
 * Creates and maps a segment. Untouched pages cost nothing, so it may be as large as the largest screen.
 * @throws Error when the kernel refuses (`kernel.shmmax`, `kernel.shmall`, or no memory)
 */
export function createSharedMemory(bytes: number): SharedMemory {
  const id = shmget(ipcPrivate, bytes, ipcCreate | ownerOnly);
  if (id < 0) throw systemError('create', bytes);
  const address = BigInt(shmat(id, null, 0));
  if (address === failed) {
    const error = systemError('map', bytes);
    shmctl(id, ipcRemove, null);
    throw error;
  }
  return {
    id,
    address,
    bytes,
    markForRemoval: () => void shmctl(id, ipcRemove, null),
    [Symbol.dispose]: () => {
      shmdt(address);
      shmctl(id, ipcRemove, null);
    },
  };
}

function systemError(what: string, bytes: number): Error {
  return new Error(
    `Could not ${what} ${bytes} bytes of shared memory for the screen (errno ${koffi.errno()}). Raise the memory limit of the container, or kernel.shmmax and kernel.shmall.`,
  );
}
