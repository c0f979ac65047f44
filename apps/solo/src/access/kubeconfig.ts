import { stringify } from 'yaml';
import { writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** Writes the kubeconfig with which kubectl, helm and k9s reach the embedded API as its administrator. */
export function writeKubeconfig(
  state: StateDirectory,
  access: { readonly url: string; readonly authorityPem: string; readonly token: string; readonly namespace: string },
): void {
  const name = 'vdi';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: access.url,
          'certificate-authority-data': Buffer.from(access.authorityPem).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token: access.token } }],
    contexts: [{ name, context: { cluster: name, user: 'admin', namespace: access.namespace } }],
    'current-context': name,
  };
  writePrivateFile(state.kubeconfig, stringify(config));
}
