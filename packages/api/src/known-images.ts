import type { Protocol } from './vditemplate.ts';

/** What is known about an image from its name alone. */
export type KnownImage =
  | { readonly hasDesktop: true; readonly protocol: Protocol; readonly port: number; readonly home: string }
  /** `instead` names an image of the same makers that is a desktop. */
  | { readonly hasDesktop: false; readonly why: string; readonly instead: string };

interface Entry {
  /** Matches the repository, without tag and digest. */
  readonly repository: RegExp;
  readonly image: KnownImage;
}

const selkiesDesktop = 'ghcr.io/selkies-project/nvidia-egl-desktop:latest';

/** Images that bring their own web desktop, and images that look like desktops and are none. First match wins. */
const knownImages: readonly Entry[] = [
  {
    repository: /(^|\/)selkies-gstreamer\/gst-web$/,
    image: { hasDesktop: false, why: 'it holds only the static files of a web page', instead: selkiesDesktop },
  },
  {
    repository: /(^|\/)selkies-gstreamer\/(gstreamer|py-build|coturn|coturn-web|turn-rest)$/,
    image: { hasDesktop: false, why: 'it is a build artefact or a TURN server', instead: selkiesDesktop },
  },
  {
    repository: /(^|\/)selkies-project\/nvidia-(egl|glx)-desktop$/,
    image: { hasDesktop: true, protocol: 'selkies', port: 8080, home: '/home/ubuntu' },
  },
  {
    repository: /(^|\/)selkies-gstreamer\/gst-py-example$/,
    image: { hasDesktop: true, protocol: 'selkies', port: 8080, home: '/home/ubuntu' },
  },
  {
    repository: /(^|\/)linuxserver\/(webtop|baseimage-selkies)$/,
    image: { hasDesktop: true, protocol: 'selkies', port: 3000, home: '/config' },
  },
  {
    repository: /(^|\/)linuxserver\/baseimage-kasmvnc$/,
    image: { hasDesktop: true, protocol: 'kasmvnc', port: 3000, home: '/config' },
  },
  {
    repository: /(^|\/)kasmweb\/[^/]+$/,
    image: { hasDesktop: true, protocol: 'kasmvnc', port: 6901, home: '/home/kasm-user' },
  },
];

/** What is known about an image, or undefined: then it is taken for an ordinary image with an X client. */
export function knownImage(image: string): KnownImage | undefined {
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return knownImages.find((entry) => entry.repository.test(repository))?.image;
}

/** The protocol of a template: as written, else that of a known image, else `webrtc`. */
export function effectiveProtocol(spec: { readonly image: string; readonly protocol?: Protocol }): Protocol {
  if (spec.protocol !== undefined) return spec.protocol;
  const known = knownImage(spec.image);
  return known?.hasDesktop === true ? known.protocol : 'webrtc';
}
