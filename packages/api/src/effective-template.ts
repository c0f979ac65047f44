import { effectiveProtocol, knownImage } from './known-images.ts';
import type { Policy } from './policy.ts';
import { templateDefaults } from './template-defaults.ts';
import type { Protocol, VDITemplateSpec } from './vditemplate.ts';

type Section<Name extends keyof VDITemplateSpec> = NonNullable<VDITemplateSpec[Name]>;
type With<Type, Keys extends keyof Type> = Omit<Type, Keys> & { readonly [Key in Keys]-?: NonNullable<Type[Key]> };

/** A template with every default that does not depend on the operator's settings filled in. */
export interface EffectiveTemplate extends Omit<
  VDITemplateSpec,
  'protocol' | 'port' | 'gpu' | 'persistence' | 'lifecycle' | 'policy' | 'security'
> {
  readonly protocol: Protocol;
  /** Where the web desktop of the image listens; for our own protocols, where the display does. */
  readonly port: number;
  /** Whether the image streams itself: one container, without our display beside it. */
  readonly bringsWebDesktop: boolean;
  readonly gpu: With<Section<'gpu'>, 'mode' | 'render' | 'encoder' | 'whenUnavailable'>;
  readonly persistence: With<Section<'persistence'>, 'enabled' | 'mountPath' | 'sharedVolumes'>;
  readonly lifecycle: With<Section<'lifecycle'>, 'idleAction' | 'gracePeriod'>;
  readonly policy: With<Policy, 'clipboard' | 'files' | 'audio' | 'microphone' | 'sharing' | 'recording' | 'egress'>;
  readonly security: With<Section<'security'>, 'runAsUser' | 'readOnlyRootFilesystem'>;
}

/** Fills in the defaults of `templateDefaults`, and what is known of the image. What the template says always wins. */
export function effectiveTemplate(spec: VDITemplateSpec): EffectiveTemplate {
  const known = knownImage(spec.image);
  const webDesktop = known?.hasDesktop === true ? known : undefined;
  const protocol = effectiveProtocol(spec);
  const bringsWebDesktop = protocol !== 'webrtc' && protocol !== 'vnc';
  const ownDesktop = bringsWebDesktop ? webDesktop : undefined;
  return {
    ...spec,
    protocol,
    bringsWebDesktop,
    port: bringsWebDesktop ? (spec.port ?? ownDesktop?.port ?? templateDefaults.port) : templateDefaults.port,
    gpu: { ...templateDefaults.gpu, ...spec.gpu },
    persistence: {
      ...templateDefaults.persistence,
      ...(webDesktop && { mountPath: webDesktop.home }),
      ...spec.persistence,
    },
    lifecycle: { ...templateDefaults.lifecycle, ...spec.lifecycle },
    policy: { ...templateDefaults.policy, ...spec.policy },
    // Images with a web desktop of their own are built to write wherever they like.
    security: {
      ...templateDefaults.security,
      ...(bringsWebDesktop && { readOnlyRootFilesystem: false }),
      ...spec.security,
    },
  };
}
