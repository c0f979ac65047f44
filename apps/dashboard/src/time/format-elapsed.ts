/** How long something took, for people: `38 ms`, `1.24 s`, `12.3 s`, `2 min 5 s`. Negative spans, which clocks make, are none. */
export function formatElapsed(milliseconds: number): string {
  const elapsed = Math.max(0, milliseconds);
  if (elapsed < 1000) return `${Math.round(elapsed)} ms`;
  const seconds = elapsed / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : formatSpan(elapsed);
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** An age or a rest, no more exact than somebody needs: `now`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function formatSpan(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < minute) return `${Math.floor(span / 1000)} s`;
  if (span < hour) return `${Math.floor(span / minute)} min`;
  if (span < day) return withRest(span, [hour, 'h'], [minute, 'min']);
  return withRest(span, [day, 'd'], [hour, 'h']);
}

type Unit = readonly [size: number, name: string];

function withRest(span: number, [size, name]: Unit, [restSize, restName]: Unit): string {
  const rest = Math.floor((span % size) / restSize);
  const whole = `${Math.floor(span / size)} ${name}`;
  return rest === 0 ? whole : `${whole} ${rest} ${restName}`;
}
