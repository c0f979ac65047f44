import { choice, flag, optional, section, text } from './schema/field.ts';
import type { ValueOf } from './schema/kind.ts';
import { printed, templateDefaults } from './template-defaults.ts';

const { policy: absent } = templateDefaults;

// No value is spelled on, off, yes or no: YAML 1.1, which Kubernetes reads, takes those for booleans.
export const clipboardPolicies = ['both', 'in', 'out', 'none'] as const;
export const filePolicies = ['both', 'upload', 'download', 'none'] as const;
export const sharingPolicies = ['none', 'view', 'control'] as const;
export const recordingPolicies = ['none', 'allowed', 'required'] as const;
export const egressPolicies = ['none', 'internet', 'lan'] as const;

/** Enforced by the display container and by the cluster, never by code in the browser or in the desktop. */
export const policy = section('What may pass between desktop, browser and network.', {
  clipboard: optional(
    choice(clipboardPolicies, '`in`: from the browser into the desktop; `out`: the other way.', {
      whenAbsent: printed(absent.clipboard),
    }),
  ),
  files: optional(choice(filePolicies, 'File transfer in the viewer.', { whenAbsent: printed(absent.files) })),
  audio: optional(flag('Whether the sound of the desktop is streamed.', { whenAbsent: printed(absent.audio) })),
  microphone: optional(
    flag("Whether viewers may send their microphone's sound.", { whenAbsent: printed(absent.microphone) }),
  ),
  sharing: optional(
    choice(sharingPolicies, 'The most that an owner may grant to others.', { whenAbsent: printed(absent.sharing) }),
  ),
  recording: optional(
    choice(
      recordingPolicies,
      '`allowed`: the owner may record; `required`: everything is recorded, and a session that cannot be recorded does not start.',
      { whenAbsent: printed(absent.recording) },
    ),
  ),
  watermark: optional(
    text('Text drawn over the picture; `{user}`, `{time}` and `{session}` are filled in.', {
      maxLength: 120,
      whenAbsent: 'no watermark',
    }),
  ),
  egress: optional(
    choice(
      egressPolicies,
      '`none`: no network; `internet`: everything except private ranges, the API server and the metadata service; `lan`: also the private ranges that the operator is configured to open.',
      {
        whenAbsent: printed(absent.egress),
      },
    ),
  ),
});

export type Policy = ValueOf<typeof policy>;
