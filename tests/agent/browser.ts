import type { Browser, Page } from 'playwright-core';
import { eventually } from '@vdi/testing/desktops';
import { PageWitness } from '../page-witness.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** The page of this folder, in a tab of its own browser context. Its functions are described in `page/page.js`. */
export class TestViewer implements AsyncDisposable {
  readonly page: Page;
  readonly #witness: PageWitness;

  constructor(page: Page) {
    this.page = page;
    this.#witness = new PageWitness(page);
  }

  static async open(browser: Browser, origin: string): Promise<TestViewer> {
    const context = await browser.newContext();
    const viewer = new TestViewer(await context.newPage());
    await viewer.page.goto(origin);
    return viewer;
  }

  async connect(options: object = {}): Promise<void> {
    await this.page.evaluate(`vdi.connect(${JSON.stringify(options)})`);
  }

  /** Connects and waits until picture and input flow. */
  async connected(options: object = {}): Promise<this> {
    await this.connect(options);
    await this.until('vdi.isReady() && vdi.state.frames > 0');
    return this;
  }

  async until(condition: string): Promise<void> {
    // Asked from outside: the page's policy forbids the evaluation of text inside it.
    await eventually(
      () => this.page.evaluate<boolean>(`Boolean(${condition})`),
      (isMet) => isMet,
      { what: condition },
    );
  }

  async value<Value>(expression: string): Promise<Value> {
    return await this.page.evaluate<Value>(expression);
  }

  async say(message: object): Promise<void> {
    await this.page.evaluate(`vdi.control(${JSON.stringify(message)})`);
  }

  async type(text: string): Promise<void> {
    for (const key of text) {
      const code = `Key${key.toUpperCase()}`;
      await this.say({ type: 'key', code, key, down: true });
      await this.say({ type: 'key', code, key, down: false });
    }
  }

  /** Until the square at (x, y) of the decoded picture has about this colour. */
  async untilColour([red, green, blue]: Colour, x: number, y: number): Promise<void> {
    await this.until(
      `(([r, g, b]) => Math.abs(r - ${red}) + Math.abs(g - ${green}) + Math.abs(b - ${blue}) < 60)(vdi.colour(${x}, ${y}) ?? [0, 0, 999])`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#witness.leave();
    await this.page.context().close();
  }
}
