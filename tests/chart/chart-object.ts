import type { UntypedObject } from '@vdi/kube';

/** Any object that the chart renders, as far as tests look into all of them alike. */
export type ChartObject = UntypedObject & { readonly apiVersion: string; readonly kind: string };

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly fieldRef?: { readonly fieldPath: string };
      readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext?: SecurityContext;
  readonly [probe: string]: unknown;
}

/** `core/v1` SecurityContext, of Pod and container. */
export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
  readonly procMount?: string;
  readonly sysctls?: readonly { readonly name: string }[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: SecurityContext;
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly [field: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

/** `apps/v1` Deployment. */
export type Workload = ChartObject & {
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
      readonly spec: PodSpec;
    };
  };
};

export interface Peer {
  readonly namespaceSelector?: { readonly matchLabels?: Labels; readonly matchExpressions?: readonly object[] };
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly ipBlock?: { readonly cidr: string };
}

interface NetworkRule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}

export type NetworkPolicy = ChartObject & {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Labels };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly NetworkRule[];
    readonly egress?: readonly NetworkRule[];
  };
};

type Service = ChartObject & {
  readonly spec: {
    readonly selector: Labels;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
};

/** `rbac.authorization.k8s.io/v1` PolicyRule. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

type Role = ChartObject & { readonly rules: readonly Rule[] };

type Binding = ChartObject & {
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
};

interface Kinds {
  readonly ClusterRole: Role;
  readonly ClusterRoleBinding: Binding;
  readonly ConfigMap: ChartObject & { readonly data: Labels };
  readonly Deployment: Workload;
  readonly NetworkPolicy: NetworkPolicy;
  readonly Role: Role;
  readonly RoleBinding: Binding;
  readonly Service: Service;
}

type OfKind<Kind extends string> = Kind extends keyof Kinds ? Kinds[Kind] : ChartObject & { readonly spec: object };

export function allOf<Kind extends string>(objects: readonly ChartObject[], kind: Kind): readonly OfKind<Kind>[] {
  // The name of the kind says what the object is; whether it truly is, the API server judges in another test.
  return objects.filter((object) => object.kind === kind) as readonly object[] as readonly OfKind<Kind>[];
}

/** The one object of that kind and name; throws with what there is instead. */
export function one<Kind extends string>(objects: readonly ChartObject[], kind: Kind, name: string): OfKind<Kind> {
  const [found, ...others] = allOf(objects, kind).filter(({ metadata }) => metadata.name === name);
  if (found !== undefined && others.length === 0) return found;
  const count = found === undefined ? 0 : 1 + others.length;
  throw new Error(`There are ${count} of ${kind} ${name} among ${objects.map(title).join(', ')}`);
}

export const workloads = (objects: readonly ChartObject[]): readonly Workload[] => allOf(objects, 'Deployment');

/** `Kind namespace/name`, for the titles of tests and the messages of failures. */
export function title({ kind, metadata: { namespace, name } }: ChartObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
