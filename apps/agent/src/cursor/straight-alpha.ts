/**
 * RGBA with straight alpha, as PNG wants it, from the premultiplied ARGB that X delivers (bytes B, G, R, A in memory).
 */
export function straightAlpha(premultiplied: Buffer): Buffer {
  const rgba = Buffer.alloc(premultiplied.length);
  for (let at = 0; at + 3 < premultiplied.length; at += 4) {
    const alpha = premultiplied[at + 3] ?? 0;
    rgba[at] = straight(premultiplied[at + 2] ?? 0, alpha);
    rgba[at + 1] = straight(premultiplied[at + 1] ?? 0, alpha);
    rgba[at + 2] = straight(premultiplied[at] ?? 0, alpha);
    rgba[at + 3] = alpha;
  }
  return rgba;
}

function straight(value: number, alpha: number): number {
  return alpha === 0 ? 0 : Math.min(255, Math.round((value * 255) / alpha));
}
