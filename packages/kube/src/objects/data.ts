import type { KubeObject } from '../kube-object.ts';

/** `core/v1` ConfigMap. Values of `binaryData` are base64. */
export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

/** `core/v1` Secret. Values of `data` are base64. */
export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly type?: string;
}
