/** YAML that the tests hand to kubectl, with the parts that differ between them. */

export const namespace = (name: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const template = (name: string): string => `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDITemplate
metadata: {name: ${name}}
spec:
  image: example.com/desktop:1
  displayName: A desktop
  tags: [linux]
`;

export const session = (name: string, namespace: string, more = ''): string => `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDISession
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  user: alice@example.com
  template: xfce
${more}`;

export const pod = (name: string, namespace: string): string => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {app: ${name}}
spec:
  containers:
    - name: main
      image: example.com/main:1
      env: [{name: A, value: "1"}]
      ports: [{containerPort: 8080, name: http}]
      resources: {limits: {cpu: 500m, memory: 64Mi}}
`;

export const configMap = (name: string, namespace: string, data: Readonly<Record<string, string>>): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
