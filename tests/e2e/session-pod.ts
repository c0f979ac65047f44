/** The Pod of a desktop, as a person would write it by hand: display as a sidecar, any desktop image beside it. */
export function sessionPod(options: { readonly namespace: string; readonly name: string; readonly uid: string }) {
  const { namespace, name, uid } = options;
  const securityContext = {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  };
  const identity = ['passwd', 'group', 'machine-id'].map((file) => ({
    name: 'identity',
    mountPath: `/etc/${file}`,
    subPath: file,
    readOnly: true,
  }));
  const shared = [{ name: 'x11', mountPath: '/tmp/.X11-unix' }, { name: 'shm', mountPath: '/dev/shm' }, ...identity];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { 'vdi.kasm.io/session': name },
      annotations: { 'vdi.kasm.io/media-port': '50000' },
    },
    spec: {
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 10,
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      initContainers: [
        {
          name: 'display',
          image: 'localhost/vdi/display:latest',
          restartPolicy: 'Always',
          securityContext,
          env: [
            { name: 'VDI_SESSION_UID', value: uid },
            { name: 'VDI_SESSION_NAME', value: name },
          ],
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'media', containerPort: 50000, protocol: 'UDP' },
          ],
          lifecycle: { postStart: { exec: { command: ['/opt/vdi/bin/wait-display'] } } },
          readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
          volumeMounts: [
            ...shared,
            { name: 'display-tmp', mountPath: '/tmp' },
            { name: 'display-run', mountPath: '/run/vdi' },
            { name: 'secret', mountPath: '/run/vdi/secret', readOnly: true },
          ],
        },
      ],
      containers: [
        {
          name: 'desktop',
          image: 'localhost/vdi/desktop:latest',
          securityContext,
          env: [
            { name: 'DISPLAY', value: ':0' },
            { name: 'HOME', value: '/home/user' },
            { name: 'XDG_RUNTIME_DIR', value: '/run/user/1000' },
          ],
          resources: { limits: { cpu: '2', memory: '2Gi' }, requests: { cpu: '200m', memory: '512Mi' } },
          readinessProbe: { httpGet: { path: '/readyz/desktop', port: 8080 }, periodSeconds: 1 },
          volumeMounts: [
            ...shared,
            { name: 'desktop-tmp', mountPath: '/tmp' },
            { name: 'desktop-run', mountPath: '/run/user' },
            { name: 'home', mountPath: '/home/user' },
          ],
        },
      ],
      volumes: [
        ...['x11', 'display-tmp', 'display-run', 'desktop-tmp', 'desktop-run'].map((volume) => ({
          name: volume,
          emptyDir: {},
        })),
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } },
        { name: 'secret', secret: { secretName: name, defaultMode: 0o440 } },
        { name: 'identity', configMap: { name } },
        { name: 'home', persistentVolumeClaim: { claimName: name } },
      ],
    },
  };
}
