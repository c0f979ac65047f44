import { call, lastLines } from '@vdi/testing/desktops';
import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';

/** What a cluster says about itself when a test fails: sessions, Pods, events, logs. */
export function callCluster(kubectl: Kubectl, settings: ClusterSettings): Disposable {
  const { sessionNamespace, systemNamespace, isStandalone } = settings;
  const questions: Readonly<Record<string, readonly string[]>> = {
    'nodes and volumes': ['get', 'nodes,persistentvolumes,storageclasses', '--output=wide'],
    sessions: ['get', 'vdisessions', '-n', sessionNamespace, '--output=yaml'],
    'Pods of sessions': ['describe', 'pods', '-n', sessionNamespace],
    'claims of sessions': ['describe', 'persistentvolumeclaims', '-n', sessionNamespace],
    'events of sessions': ['get', 'events', '-n', sessionNamespace, '--sort-by=.metadata.creationTimestamp'],
    ...(isStandalone
      ? {}
      : {
          'operator and gateway': ['describe', 'pods', '-n', systemNamespace],
          'events of operator and gateway': [
            'get',
            'events',
            '-n',
            systemNamespace,
            '--sort-by=.metadata.creationTimestamp',
          ],
          'log of the operator': ['logs', '-n', systemNamespace, 'deployment/vdi-operator', '--tail=80'],
          'log of the gateway': ['logs', '-n', systemNamespace, 'deployment/vdi-gateway', '--tail=80'],
        }),
  };
  const witnesses = [
    ...Object.entries(questions).map(([name, args]) => ({
      name,
      testify: async () => {
        const { stdout, stderr } = await kubectl.try(args);
        return lastLines(stdout + stderr, 150);
      },
    })),
    { name: 'containers of sessions', testify: async () => await sessionLogs(kubectl, sessionNamespace) },
  ];
  const called = witnesses.map(call);
  return {
    [Symbol.dispose]() {
      for (const witness of called) witness[Symbol.dispose]();
    },
  };
}

/** Of both containers of each Pod, the run before the last included, if there was one. */
async function sessionLogs(kubectl: Kubectl, namespace: string): Promise<string> {
  const pods = await kubectl.list(['pods', '-n', namespace]);
  const words: string[] = [];
  for (const { metadata } of pods) {
    for (const previous of [[], ['--previous']]) {
      const args = [
        'logs',
        metadata.name ?? '',
        '-n',
        namespace,
        '--all-containers',
        '--prefix',
        '--tail=60',
        ...previous,
      ];
      const { status, stdout, stderr } = await kubectl.try(args);
      // Most have no previous run.
      if (status === 0 || previous.length === 0) words.push(stdout + stderr);
    }
  }
  return words.join('\n');
}
