import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** The one project that needs a machine of its own, and says by skipping that this is none. */
const maySkip = 'cluster';

/** Ends a run with one line that people and CI can both read: `N passed, N failed, N skipped`. A test that is skipped fails it. */
export default class SummaryReporter implements Reporter {
  /** With `-t`, what is left out was asked to be. */
  #isFiltered = false;

  onInit({ config }: Vitest): void {
    this.#isFiltered = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        counts[state === 'pending' ? 'failed' : state] += 1;
        if (state === 'skipped' && module.project.name !== maySkip)
          skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
      }
      // A file that cannot be loaded has no tests to count, and is a failure all the same.
      if (module.state() === 'failed' && tests.every((test) => test.result().state !== 'failed')) counts.failed += 1;
    }
    counts.failed += errors.length;
    if (skipped.length > 0 && !this.#isFiltered) {
      process.stdout.write(`\nSkipped, which fails the run:\n${skipped.map((name) => `  ${name}\n`).join('')}`);
      process.exitCode = 1;
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  }
}
