import { ApiError } from '../api-error.ts';

/** The form in which a client wants objects. Bytes are JSON always. */
export type Form = 'Object' | 'Table' | 'PartialObjectMetadata' | 'Discovery';

const forms: Readonly<Record<string, Form>> = {
  'Table;v1;meta.k8s.io': 'Table',
  'PartialObjectMetadata;v1;meta.k8s.io': 'PartialObjectMetadata',
  'PartialObjectMetadataList;v1;meta.k8s.io': 'PartialObjectMetadata',
  'APIGroupDiscoveryList;v2;apidiscovery.k8s.io': 'Discovery',
};

const jsonTypes = new Set(['application/json', 'application/*', '*/*']);

/** The first form of `Accept` that this server speaks, in the client's order. Throws 406: clients then ask for JSON. */
export function negotiate(accept: string | null): Form {
  if (accept === null || accept.trim() === '') return 'Object';
  for (const { type, parameters } of acceptedTypes(accept)) {
    if (!jsonTypes.has(type)) continue;
    const as = parameters.get('as');
    if (as === undefined) return 'Object';
    const form = forms[`${as};${parameters.get('v') ?? ''};${parameters.get('g') ?? ''}`];
    if (form !== undefined) return form;
  }
  throw new ApiError(
    406,
    'NotAcceptable',
    `only the following media types are accepted: application/json (asked for: ${accept})`,
  );
}

interface AcceptedType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

function acceptedTypes(accept: string): readonly AcceptedType[] {
  return accept
    .split(',')
    .map((clause): AcceptedType => {
      const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
      const parameters = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
      return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
}
