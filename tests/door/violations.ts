import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds, run in a world of its own, because the pages let no foreign script in. */
export async function violations(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  const evaluate = (expression: string) =>
    session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    });
  await evaluate(axe.source);
  const { result } = await evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, help }) => id + ": " + help))',
  );
  return result.value as readonly string[];
}
