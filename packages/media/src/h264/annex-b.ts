/** The NAL units of an Annex-B byte stream (H.264 annex B), without start codes; empty ones are left out. No bytes are copied. */
export function nalUnits(stream: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let start = -1;
  for (let index = stream.indexOf(1); index !== -1; index = stream.indexOf(1, index + 1)) {
    if (index < 2 || stream[index - 1] !== 0 || stream[index - 2] !== 0) continue;
    if (start >= 0) pushUnit(units, stream.subarray(start, index - 2));
    start = index + 1;
  }
  if (start >= 0) pushUnit(units, stream.subarray(start));
  return units;
}

/** Zeros before a start code belong to it (`trailing_zero_8bits`): a NAL unit itself never ends in a zero byte. */
function pushUnit(units: Uint8Array[], unit: Uint8Array): void {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end -= 1;
  if (end > 0) units.push(unit.subarray(0, end));
}
