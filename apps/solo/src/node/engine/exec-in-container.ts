import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';

const mostOutputBytes = 10_240;

/** Runs a program in a running container and waits for its end. A program that takes too long counts as failed. */
export async function execInContainer(
  docker: Docker,
  containerId: string,
  options: { readonly command: readonly string[]; readonly timeoutMs: number },
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const exec = await docker
    .getContainer(containerId)
    .exec({ Cmd: [...options.command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const output = new PassThrough();
  docker.modem.demuxStream(stream, output, output);
  const chunks: Buffer[] = [];
  let kept = 0;
  output.on('data', (chunk: Buffer) => {
    if (kept < mostOutputBytes) chunks.push(chunk);
    kept += chunk.length;
  });
  const ended = await untilEnd(stream, options.timeoutMs);
  if (!ended) return { exitCode: -1, output: `command timed out after ${options.timeoutMs / 1000} s` };
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output: Buffer.concat(chunks).toString().slice(0, mostOutputBytes) };
}

function untilEnd(stream: NodeJS.ReadWriteStream & { destroy(): void }, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(false);
      stream.destroy();
    }, timeoutMs);
    stream.once('end', () => resolve(true));
    stream.once('error', reject);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
