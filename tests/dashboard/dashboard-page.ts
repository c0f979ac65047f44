import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PageWitness } from '../page-witness.ts';
import type { DashboardSite } from './dashboard-site.ts';

/** Debian's Chromium; `CHROMIUM` names another. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** Somebody's browser with the dashboard in it. */
export class DashboardPage implements AsyncDisposable {
  readonly page: Page;
  /** What the page's policy forbade, and uncaught errors. */
  readonly complaints: string[] = [];
  /** Addresses of other hosts that the page asked for. */
  readonly strangers: string[] = [];
  readonly #context: BrowserContext;
  readonly #site: DashboardSite;
  readonly #witness: PageWitness;

  private constructor(site: DashboardSite, context: BrowserContext, page: Page) {
    this.#site = site;
    this.#context = context;
    this.page = page;
    this.#witness = new PageWitness(page);
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).host !== new URL(site.origin).host) this.strangers.push(request.url());
    });
  }

  static async open(
    browser: Browser,
    site: DashboardSite,
    { path = '/', ...options }: BrowserContextOptions & { readonly path?: string } = {},
  ): Promise<DashboardPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    const opened = new DashboardPage(site, context, await context.newPage());
    await opened.go(path);
    return opened;
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${this.#site.origin}${path}`);
  }

  card(title: string) {
    return this.page.getByRole('article', { name: title, exact: true });
  }

  heading(name: string | RegExp) {
    return this.page.getByRole('heading', { name });
  }

  async choose(menuOf: string, item: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: `More for ${menuOf}` }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** What axe finds fault with, as `rule: elements`; evaluated by the debugger, which the page's policy does not hold. */
  async accessibilityProblems(): Promise<readonly string[]> {
    await this.page.evaluate(await readFile(axeFile, 'utf8'));
    // Colours in the middle of a transition are not those that people read.
    await this.page.evaluate(
      'Promise.all(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => undefined)))',
    );
    // Its preloading of style sheets runs into the page's policy; only a rule about locked orientations needs it.
    const results = (await this.page.evaluate('axe.run({ preload: false })')) as AxeResults;
    return results.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} (${any[0]?.message ?? ''})`).join(' | ')}`,
    );
  }

  /** Pixels by which the page is wider than its window. */
  async overflowPixels(): Promise<number> {
    return (await this.page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )) as number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#witness.leave();
    await this.#context.close();
  }
}
