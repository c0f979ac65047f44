/** RTP payloads of one VP8 frame (RFC 7741) with a 15-bit picture id, by which a receiver tells frames apart. */
const descriptorBytes = 4;
const extendedControl = 0x80;
const startOfPartition = 0x10;
const hasPictureId = 0x80;
const longPictureId = 0x80;

/** @param pictureId taken modulo 2¹⁵. */
export function packetiseVp8(frame: Uint8Array, maximumBytes: number, pictureId: number): Uint8Array[] {
  const count = Math.ceil(frame.length / (maximumBytes - descriptorBytes));
  const size = Math.ceil(frame.length / count);
  const payloads: Uint8Array[] = [];
  for (let start = 0; start < frame.length; start += size) {
    const part = frame.subarray(start, start + size);
    const payload = new Uint8Array(descriptorBytes + part.length);
    payload[0] = extendedControl | (start === 0 ? startOfPartition : 0);
    payload[1] = hasPictureId;
    payload[2] = longPictureId | ((pictureId >> 8) & 0x7f);
    payload[3] = pictureId & 0xff;
    payload.set(part, descriptorBytes);
    payloads.push(payload);
  }
  return payloads;
}
