import { dismiss, testimony } from '@vdi/testing/desktops';
import { afterEach } from 'vitest';

/** A set-up file of the projects that run real programs: a failed test says what they said. */
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    const words = await testimony();
    if (words !== '') process.stderr.write(`\nWhat was said around “${task.name}”:\n${words}\n`);
  }
  dismiss();
});
