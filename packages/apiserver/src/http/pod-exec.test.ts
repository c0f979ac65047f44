import { describe, expect, it } from 'vitest';
import { aPod, paths, startTestServer, type TestServer } from '../testing/api-client.ts';

const { pods } = paths;
const upgrade = async ({ server }: TestServer, path: string): Promise<unknown> => {
  const answer = await server.upgrade(new Request(`http://apiserver${path}`));
  return answer instanceof Response ? await answer.json() : answer;
};

describe('a request to run a program in a container', () => {
  it('is let through with what it asks for', async () => {
    await using test = startTestServer({ servesExec: true });
    const { body: pod } = await test.client.post(pods, aPod('p'));
    expect(await upgrade(test, `${pods}/p/exec?command=sh&command=-c&command=exit+3&stdout=true&stderr=1`)).toEqual({
      namespace: 'default',
      name: 'p',
      uid: pod.metadata.uid,
      container: 'main',
      command: ['sh', '-c', 'exit 3'],
      stdin: false,
      stdout: true,
      stderr: true,
      tty: false,
    });
  });

  it.each([
    [404, `${pods}/x/exec?command=sh&stdout=true`, 'pods "x" not found'],
    [400, `${pods}/p/exec?stdout=true`, 'at least 1 command'],
    [400, `${pods}/p/exec?command=sh`, 'at least 1 of stdin, stdout, stderr'],
    [400, `${pods}/p/exec?command=sh&stdout=true&container=x`, 'container x is not valid'],
    [501, `${pods}/p/portforward`, 'pods/portforward is not implemented'],
    [404, `${pods}/p/nothing`, 'could not find'],
    [404, '/api/v1/pods', 'could not find'],
    [404, '/healthz', 'could not find'],
  ] as const)('is %i for %s', async (code, path, message) => {
    await using test = startTestServer({ servesExec: true });
    await test.client.post(pods, aPod('p'));
    expect(await upgrade(test, path)).toMatchObject({
      kind: 'Status',
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is refused to those who do not say who they are, in a Pod that has ended, and where nobody serves it', async () => {
    const path = `${pods}/p/exec?command=sh&stdout=true`;
    await using closed = startTestServer({ servesExec: true, authenticate: () => undefined });
    expect(await upgrade(closed, path)).toMatchObject({ code: 401 });
    await using without = startTestServer();
    expect(await upgrade(without, path)).toMatchObject({ code: 501 });
    await using test = startTestServer({ servesExec: true });
    await test.client.post(pods, aPod('p'));
    await test.client.patch(`${pods}/p/status`, 'merge-patch+json', { status: { phase: 'Succeeded' } });
    expect(await upgrade(test, path)).toMatchObject({
      code: 400,
      message: expect.stringContaining('Succeeded') as string,
    });
  });

  it('says what is needed to clients that do not speak WebSockets, after what else is wrong', async () => {
    await using test = startTestServer({ servesExec: true });
    await test.client.post(pods, aPod('p'));
    const asked = async (path: string) => (await test.client.post(path, {})).body;
    expect(await asked(`${pods}/p/exec?command=sh&stdout=true`)).toMatchObject({
      code: 400,
      message: expect.stringContaining('kubectl 1.31') as string,
    });
    expect(await asked(`${pods}/x/exec?command=sh&stdout=true`)).toMatchObject({ code: 404 });
  });
});
