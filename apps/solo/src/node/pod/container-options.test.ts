import type { Container, PodSpec } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { type ContainerInputs, containerOptions } from './container-options.ts';
import { aContainer, aPod } from './pod-builders.ts';

const inputs: ContainerInputs = {
  owner: 'owner',
  sandboxId: 'sandbox',
  imageId: 'sha256:1',
  imageUser: '',
  env: { WORLD: 'earth' },
  volumeFolders: { home: '/state/home', settings: '/state/settings' },
  attempt: 2,
  backOffSeconds: 20,
  flavour: 'podman',
};

const optionsOf = (container: Partial<Container>, spec: Partial<PodSpec> = {}, more: Partial<ContainerInputs> = {}) =>
  containerOptions(aPod(spec), aContainer(container), { ...inputs, ...more });

describe('what the engine is told about a container', () => {
  it('is to join the Pod, and to be found again', () => {
    expect(optionsOf({})).toMatchObject({
      Image: 'sha256:1',
      HostConfig: { NetworkMode: 'container:sandbox', IpcMode: 'container:sandbox', RestartPolicy: { Name: 'no' } },
      Labels: {
        'vdi.kasm.io/pod-uid': 'uid-of-pod',
        'vdi.kasm.io/container': 'main',
        'vdi.kasm.io/attempt': '2',
        'vdi.kasm.io/stop-turn': '0',
        'vdi.kasm.io/back-off-seconds': '20',
      },
    });
    expect(optionsOf({}).HostConfig).not.toHaveProperty('PidMode');
  });

  it('follows the Pod’s command, with variables', () => {
    expect(optionsOf({ command: ['echo', '$(WORLD)', '$(OTHER)', '$$(WORLD)'] })).toMatchObject({
      Entrypoint: ['echo', 'earth', '$(OTHER)', '$(WORLD)'],
      Cmd: [],
    });
    expect(optionsOf({ args: ['$(WORLD)'] })).toMatchObject({ Cmd: ['earth'] });
    expect(optionsOf({})).not.toHaveProperty('Cmd');
    expect(optionsOf({})).not.toHaveProperty('Entrypoint');
  });

  it('limits CPU and memory, swap included', () => {
    const resources = { limits: { cpu: '1500m', memory: '1Gi' }, requests: { cpu: '250m' } };
    expect(optionsOf({ resources }).HostConfig).toMatchObject({
      CpuPeriod: 100_000,
      CpuQuota: 150_000,
      CpuShares: 256,
      Memory: 2 ** 30,
      MemorySwap: 2 ** 30,
    });
  });

  it('takes away privileges as the security context says', () => {
    const securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    };
    expect(optionsOf({ securityContext }).HostConfig).toMatchObject({
      Privileged: false,
      CapDrop: ['ALL'],
      CapAdd: ['NET_BIND_SERVICE'],
      SecurityOpt: ['no-new-privileges'],
    });
    const unconfined = { seccompProfile: { type: 'Unconfined' as const } };
    expect(optionsOf({}, { securityContext: unconfined }).HostConfig).toMatchObject({
      SecurityOpt: ['seccomp=unconfined'],
    });
  });

  it('runs as the user and groups of the Pod, the container’s own first', () => {
    const securityContext = { runAsUser: 1000, runAsGroup: 1001, fsGroup: 2000, supplementalGroups: [3000, 2000] };
    const options = optionsOf({ securityContext: { runAsUser: 7 } }, { securityContext });
    expect(options).toMatchObject({ User: '7:1001', HostConfig: { GroupAdd: ['2000', '3000'] } });
    expect(optionsOf({})).not.toHaveProperty('User');
  });

  it('closes the folders that Podman would leave open in a read-only container, except where a volume is mounted', () => {
    const container = {
      securityContext: { readOnlyRootFilesystem: true },
      volumeMounts: [{ name: 'home', mountPath: '/tmp/' }],
    };
    expect(Object.keys(optionsOf(container).HostConfig?.Tmpfs ?? {})).toEqual(['/run', '/var/tmp']);
    expect(optionsOf(container, {}, { flavour: 'docker' }).HostConfig?.Tmpfs).toEqual({});
  });

  it('mounts volumes, whole or in part, and never above them', () => {
    const volumeMounts = [
      { name: 'home', mountPath: '/home/user' },
      { name: 'settings', mountPath: '/etc/passwd', subPath: 'passwd', readOnly: true },
    ];
    expect(optionsOf({ volumeMounts }).HostConfig?.Binds).toEqual([
      '/state/home:/home/user:rw',
      '/state/settings/passwd:/etc/passwd:ro',
    ]);
    const escaping = [{ name: 'settings', mountPath: '/x', subPath: '../../etc' }];
    expect(() => optionsOf({ volumeMounts: escaping })).toThrow(/must not contain/);
  });
});
