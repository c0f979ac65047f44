import { apiVersion, type VDISession, type VDITemplate } from '@vdi/api';

/** A template for one run; its image is a desktop with windows. */
export function aTemplate(name: string, image: string): VDITemplate {
  return {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name },
    spec: {
      image,
      displayName: 'Cluster test',
      // Little, so that it fits beside what else runs there.
      resources: { defaultGPU: 0, defaultCPU: 1, defaultMemory: '1Gi' },
      persistence: { enabled: true, size: '1Gi' },
      lifecycle: { startDeadline: '10m' },
    },
  };
}

export function aSession(
  name: { readonly namespace: string; readonly name: string },
  spec: { readonly user: string; readonly template: string },
): VDISession {
  return { apiVersion, kind: 'VDISession', metadata: name, spec };
}

/** What the product was asked for with, but for names that have to be the run's own. */
export function requiredTemplate(name: string): string {
  return `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDITemplate
metadata:
  name: ${name}
spec:
  image: ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest
  displayName: "Ubuntu 22.04 Desktop"
  description: "Full Ubuntu desktop with GPU acceleration"
  resources:
    defaultGPU: 1
    defaultMemory: 4Gi
    defaultCPU: 2
  applications:
    - name: Firefox
      icon: firefox.svg
    - name: VS Code
      icon: vscode.svg
`;
}

export function requiredSession(name: string, namespace: string, template: string): string {
  return `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDISession
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  user: ${name}@example.com
  template: ${template}
  resources:
    gpu: 1        # Time-slice count
    memory: 4Gi
    cpu: 2
  persistence:
    enabled: true
    size: 10Gi
  timeout: 8h     # Auto-terminate after 8 hours
status:
  phase: Running  # Pending | Running | Terminating
  podName: selkies-alice-xyz
  url: https://alice.vdi.example.com
  startTime: "2026-01-02T10:00:00Z"
`;
}
