/**
 * The two smallest programs for Linux, as ELF64 files of about 130 bytes (System V ABI, "ELF-64 Object File Format"):
 * one that sleeps until it is killed, to hold a pod's network and IPC namespaces, and one that ends at once, to try
 * whether the engine can run a container at all. They need no distribution, no download and no file system around them.
 */
export type TinyProgram = 'pause' | 'exit';

/** Machine code by Node's `process.arch`. A signal handler returning is the only way out of pause(2), hence the loop. */
const code: Readonly<Record<string, { readonly machine: number } & Readonly<Record<TinyProgram, readonly number[]>>>> =
  {
    x64: {
      machine: 62,
      // mov eax, 34 (pause); syscall; jmp start
      pause: [0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7],
      // mov eax, 60 (exit); xor edi, edi; syscall
      exit: [0xb8, 60, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05],
    },
    arm64: {
      machine: 183,
      // mov x0..x3, #0; mov x8, #73 (ppoll); svc #0; b start
      pause: [...words(0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800928, 0xd4000001, 0x17fffffa)],
      // mov x0, #0; mov x8, #93 (exit); svc #0
      exit: [...words(0xd2800000, 0xd2800ba8, 0xd4000001)],
    },
  };

const headerBytes = 64;
const programHeaderBytes = 56;
const loadAddress = 0x400000n;

/** The program's file. Throws where we have no machine code for the processor. */
export function tinyProgram(program: TinyProgram, architecture: string = process.arch): Buffer {
  const known = code[architecture];
  if (known === undefined) throw new Error(`There is no ${program} program for the processor type ${architecture}`);
  const instructions = Buffer.from(known[program]);
  const file = Buffer.alloc(headerBytes + programHeaderBytes + instructions.length);
  writeHeader(file, known.machine);
  writeProgramHeader(file);
  instructions.copy(file, headerBytes + programHeaderBytes);
  return file;
}

function writeHeader(file: Buffer, machine: number): void {
  // 64-bit, little-endian, ELF version 1.
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(file);
  const executable = 2;
  file.writeUInt16LE(executable, 16);
  file.writeUInt16LE(machine, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(loadAddress + BigInt(headerBytes + programHeaderBytes), 24);
  file.writeBigUInt64LE(BigInt(headerBytes), 32);
  file.writeUInt16LE(headerBytes, 52);
  file.writeUInt16LE(programHeaderBytes, 54);
  file.writeUInt16LE(1, 56);
}

/** One segment: the whole file, readable and executable. */
function writeProgramHeader(file: Buffer): void {
  const at = headerBytes;
  const loadable = 1;
  const readAndExecute = 5;
  file.writeUInt32LE(loadable, at);
  file.writeUInt32LE(readAndExecute, at + 4);
  file.writeBigUInt64LE(loadAddress, at + 16);
  file.writeBigUInt64LE(loadAddress, at + 24);
  file.writeBigUInt64LE(BigInt(file.length), at + 32);
  file.writeBigUInt64LE(BigInt(file.length), at + 40);
  file.writeBigUInt64LE(0x10000n, at + 48);
}

function words(...instructions: readonly number[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 4);
  instructions.forEach((instruction, index) => bytes.writeUInt32LE(instruction, index * 4));
  return bytes;
}
