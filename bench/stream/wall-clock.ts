/** How far `performance.timeOrigin + performance.now()` of one program is from the machine's wall clock. */
export interface MeasuredClock {
  /** Turns such a moment into wall-clock time, in milliseconds since 1970. */
  toWall(moment: number): number;
}

/**
 * Each program takes the wall clock once, when it starts, and counts on from there, so that two programs drift apart by what
 * the wall clock was corrected since. This finds the difference by watching `Date.now()` tick: good for 0.1 ms.
 *
 * @param evaluate runs an expression in the program
 */
export async function measureClock(evaluate: (expression: string) => Promise<unknown>): Promise<MeasuredClock> {
  const aheadMs = Number(await evaluate(probe));
  if (Number.isNaN(aheadMs)) throw new Error('The clock of the page could not be read.');
  return { toWall: (moment) => moment - aheadMs };
}

/** The median over some ticks: one may be late because the program was interrupted. */
const probe = `(() => {
  const differences = [];
  for (let tick = 0; tick < 21; tick += 1) {
    const before = Date.now();
    let now = before;
    while (now === before) now = Date.now();
    differences.push(performance.timeOrigin + performance.now() - now);
  }
  return differences.sort((one, other) => one - other)[10];
})()`;
