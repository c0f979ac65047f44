import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

export interface Outcome {
  readonly status: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs a shell command in a running container, to its end. */
export async function runIn(
  container: Docker.Container,
  command: string,
  env: readonly string[] = [],
): Promise<Outcome> {
  const exec = await container.exec({
    Cmd: ['/bin/sh', '-c', command],
    Env: [...env],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const output = await text(await exec.start({ Tty: true }));
  const { ExitCode } = await exec.inspect();
  return { status: ExitCode ?? -1, output: output.replaceAll('\r\n', '\n') };
}
