import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { call, lastLines, testCacheHome, type Witness } from '@vdi/testing/desktops';
import type { Page } from 'playwright-core';

const pictures = join(testCacheHome, 'failed-tests');
const patienceMs = 5_000;
let pages = 0;

/** Remembers what a page says, and how it looked before it was closed. */
export class PageWitness implements Witness {
  readonly name: string;
  readonly #page: Page;
  readonly #lines: string[] = [];
  #picture: Buffer | undefined;

  constructor(page: Page) {
    pages += 1;
    this.name = `page ${pages}`;
    this.#page = page;
    page.on('console', (message) => this.#lines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#lines.push(`uncaught: ${error.stack ?? String(error)}`));
    page.on('crash', () => this.#lines.push('the page crashed'));
    const called = call(this);
    page.on('close', () => called[Symbol.dispose]());
  }

  /** Listens to a page that is not looked at before it is closed. */
  static attend(page: Page): PageWitness {
    return new PageWitness(page);
  }

  /** To be called before the page is closed: a test that failed is known as such only afterwards. */
  async leave(): Promise<void> {
    this.#picture = await this.#look();
  }

  async testify(): Promise<string> {
    const picture = this.#picture ?? (await this.#look());
    const lines = [this.#page.url(), ...this.#lines];
    if (picture !== undefined) {
      const file = join(pictures, `${process.pid}-${this.name.replace(' ', '-')}.png`);
      await mkdir(pictures, { recursive: true });
      await writeFile(file, picture);
      lines.push(`picture: ${relative(process.cwd(), file)}`);
    }
    return lastLines(lines.join('\n'));
  }

  /** A page that is gone, or hangs, has no picture; that is no failure of its own. */
  #look(): Promise<Buffer | undefined> {
    return this.#page.screenshot({ timeout: patienceMs }).catch(() => undefined);
  }
}
