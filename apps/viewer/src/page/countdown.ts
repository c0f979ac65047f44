/** The time left until `at` as people read it: `4:05`, `25 s`; undefined when it is over. Both in milliseconds. */
export function countdown(at: number, now: number): string | undefined {
  const seconds = Math.ceil((at - now) / 1_000);
  if (!(seconds > 0)) return undefined;
  if (seconds < 60) return `${seconds} s`;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
