import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, session, template } from './manifests.ts';
import { type ProgramResult, type SoloProcess, startSoloProcess } from './solo-process.ts';

let solo: SoloProcess;
beforeAll(async () => {
  solo = await startSoloProcess();
  await solo.kubectlOk(['apply', '-f', '-'], { stdin: `${template('xfce')}---${session('alice', 'vdi')}` });
});
afterAll(() => solo[Symbol.asyncDispose]());

const errorOf = async (args: readonly string[], stdin = ''): Promise<string> => {
  const { code, stderr }: ProgramResult = await solo.kubectl(args, { stdin });
  expect(code).not.toBe(0);
  return stderr;
};
const apply = (yaml: string): Promise<string> => errorOf(['apply', '-f', '-'], yaml);

describe('a wrong object is refused with a message that names the field', () => {
  it('for a field that does not exist', async () => {
    expect(await apply(session('typo', 'vdi', '  timeuot: 8h'))).toMatch(/unknown field "spec\.timeuot"/);
  });

  it('for a field of a built-in kind that does not exist', async () => {
    expect(await apply('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: vdi}\ndatta: {}\n')).toMatch(
      /unknown field "datta"/,
    );
  });

  it('for a key that is given twice', async () => {
    // kubectl itself drops duplicates before it sends, unless the body goes out as it is.
    const path = '/api/v1/namespaces/vdi/configmaps?fieldValidation=Strict';
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"dup"},"data":{"a":"1","a":"2"}}';
    expect(await errorOf(['create', '--raw', path, '-f', '-'], body)).toContain('duplicate field "data.a"');
  });

  it('for a user who would change', async () => {
    const patch = '{"spec":{"user":"bob@example.com"}}';
    const error = await errorOf(['patch', 'vdi', 'alice', '-n', 'vdi', '--type=merge', '-p', patch]);
    expect(error).toMatch(/spec\.user.*user cannot be changed: delete the session and create another one/s);
  });

  it.each(['4 Gi', 'lots', '4Gib', '-1'])('for the quantity “%s”', async (memory) => {
    expect(await apply(session('quantity', 'vdi', `  resources: {memory: "${memory}"}`))).toContain(
      'spec.resources.memory',
    );
  });

  it('for a duration that is none', async () => {
    expect(await apply(session('duration', 'vdi', '  timeout: eight hours'))).toContain('spec.timeout');
  });

  it('for a value outside the list', async () => {
    const yaml = `${template('wrong')}  protocol: telepathy\n`;
    expect(await apply(yaml)).toMatch(/spec\.protocol.*telepathy.*webrtc/s);
  });

  it('for something required that is missing', async () => {
    expect(
      await apply('apiVersion: vdi.kasm.io/v1alpha1\nkind: VDITemplate\nmetadata: {name: empty}\nspec: {}\n'),
    ).toMatch(/spec\.image.*Required/s);
  });

  it('for a name that is none', async () => {
    expect(await apply(session('Alice_1', 'vdi'))).toMatch(/metadata\.name.*lowercase RFC 1123/s);
  });

  it('for a text where a number belongs', async () => {
    expect(await apply(session('typed', 'vdi', '  resources: {gpu: many}'))).toContain('spec.resources.gpu');
  });
});

describe('what is not there is said not to be there', () => {
  it('an object', async () => {
    expect(await errorOf(['get', 'vdi', 'nobody', '-n', 'vdi'])).toContain(
      'vdisessions.vdi.kasm.io "nobody" not found',
    );
  });

  it('a kind', async () => {
    expect(await errorOf(['get', 'nonsense'])).toContain('the server doesn\'t have a resource type "nonsense"');
  });

  it('a namespace', async () => {
    expect(await apply(configMap('x', 'nowhere', {}))).toContain('namespaces "nowhere" not found');
  });
});

describe('who is not the administrator', () => {
  it('gets nothing without a token, or with a wrong one', async () => {
    expect(await errorOf(['get', 'vdi', '-A', '--token=wrong'])).toMatch(/Unauthorized|must be logged in/);
  });
});
