import type { AgentControl, AgentSignal, Motion, ViewerControl, ViewerSignal } from '@vdi/protocol';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { PageWitness } from '../page-witness.ts';
import type { ViewerSite } from './viewer-site.ts';

/** Debian's Chromium; `CHROMIUM` names another. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Two pages of one browser talk to each other here; the hidden one must not be slowed down.
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-backgrounding-occluded-windows',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}

export const aWelcome: Extract<AgentSignal, { type: 'welcome' }> = {
  type: 'welcome',
  viewer: 'viewer-1',
  role: 'owner',
  session: 'Physics lab',
  screen: { width: 1280, height: 720 },
  iceServers: [],
  applications: [{ name: 'Terminal' }, { name: 'Firefox' }, { name: 'Files' }],
};

/** A viewer's page, and the agent's page that it is connected to. */
export class LoopbackDesktop implements AsyncDisposable {
  readonly page: Page;
  /** Complaints of the viewer's page: violations of its policy, uncaught errors. */
  readonly complaints: string[] = [];
  /** Addresses that the viewer's page asked for. */
  readonly requests: string[] = [];
  readonly #context: BrowserContext;
  readonly #agent: Page;
  readonly #site: ViewerSite;
  readonly #witnesses: readonly PageWitness[];

  private constructor(context: BrowserContext, page: Page, agent: Page, site: ViewerSite) {
    this.#context = context;
    this.page = page;
    this.#agent = agent;
    this.#site = site;
    this.#witnesses = [page, agent].map((each) => new PageWitness(each));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(
    browser: Browser,
    site: ViewerSite,
    options: BrowserContextOptions & { readonly welcome?: Partial<typeof aWelcome> } = {},
  ): Promise<LoopbackDesktop> {
    const { welcome, ...contextOptions } = options;
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...contextOptions });
    const agent = await context.newPage();
    await agent.exposeFunction('toViewer', (text: string) => site.socket?.send(text));
    await agent.goto(`${site.origin}/loopback/`);
    await agent.waitForFunction('window.loopback');
    await agent.evaluate(`loopback.prepare(${JSON.stringify({ ...aWelcome, ...welcome })})`);
    // One after the other, as they came.
    let work: Promise<unknown> = Promise.resolve();
    site.onSignal = (text) => {
      work = work
        .then(() => agent.evaluate(`loopback.receive(${JSON.stringify(text)})`))
        // A signal of a connection that has been replaced since then: the agent's page has no use for it.
        .catch(() => undefined);
    };
    const page = await context.newPage();
    return new LoopbackDesktop(context, page, agent, site);
  }

  /** Opens the page and waits until it shows the picture, and both sides hear each other. */
  async connect(): Promise<this> {
    await this.page.goto(this.#site.origin);
    await this.streaming();
    await this.#agent.evaluate('loopback.greeted()');
    return this;
  }

  async streaming(): Promise<void> {
    // Not `waitForFunction`: it makes code of text in the page, which the page's policy forbids.
    await this.page.locator('.phase-page').waitFor({ state: 'hidden' });
  }

  say(message: AgentControl): Promise<unknown> {
    return this.#agent.evaluate(`loopback.say(${JSON.stringify(message)})`);
  }

  point(x: number, y: number): Promise<unknown> {
    return this.#agent.evaluate(`loopback.point(${x}, ${y})`);
  }

  signal(signal: AgentSignal): void {
    this.#site.socket?.send(JSON.stringify(signal));
  }

  cutMedia(): Promise<unknown> {
    return this.#agent.evaluate('loopback.cut()');
  }

  /** How many pings have come; whatever the page sent before one of them is there, too. */
  pings(): Promise<number> {
    return this.#agent.evaluate('loopback.pings');
  }

  messages(): Promise<ViewerControl[]> {
    return this.#agent.evaluate('loopback.messages');
  }

  signals(): Promise<ViewerSignal[]> {
    return this.#agent.evaluate('loopback.signals');
  }

  motions(): Promise<Motion[]> {
    return this.#agent.evaluate('loopback.motions');
  }

  /** What the desktop has been told of one kind, in order. */
  async told<Type extends ViewerControl['type']>(type: Type): Promise<Extract<ViewerControl, { type: Type }>[]> {
    const messages = await this.messages();
    return messages.filter((message) => message.type === type) as Extract<ViewerControl, { type: Type }>[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#site.onSignal = () => undefined;
    await Promise.all(this.#witnesses.map((witness) => witness.leave()));
    await this.#context.close();
  }
}
