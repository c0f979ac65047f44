import { refusalText } from '../clipboard/refusal-text.ts';
import type { ViewerConnection } from '../viewer-connection.ts';
import { mayDrive, people, type Person, type ViewerSnapshot } from '../viewer-snapshot.ts';
import { countdown } from './countdown.ts';
import { button, element } from './element.ts';
import { launchText } from './launch-text.ts';

const warningTitles = {
  suspending: 'This desktop is about to be suspended',
  expiring: 'This session is about to end',
  maintenance: 'Maintenance is about to begin',
} as const;

const newsMs = 6_000;

/** Short messages at the top of the picture: warnings, requests for control, and that one only watches. */
export function createNotices(connection: ViewerConnection): HTMLElement {
  const warning = createWarning(connection);
  const badge = element('div', { class: 'badge', attributes: { role: 'status' } });
  const requests = element('div', { class: 'notice-list', attributes: { role: 'status' } });
  const dismissed = new Set<string>();

  const render = (): void => {
    const snapshot = connection.snapshot();
    const text = watchingText(snapshot);
    badge.hidden = text === undefined;
    if (badge.textContent !== (text ?? '')) badge.textContent = text ?? '';
    const asking = isDriver(snapshot) ? people(snapshot).filter(({ isAsking }) => isAsking) : [];
    // Who asks again later is to be heard again.
    for (const viewer of dismissed) if (!asking.some((person) => person.viewer === viewer)) dismissed.delete(viewer);
    const open = asking.filter(({ viewer }) => !dismissed.has(viewer));
    replaceList(requests, open, (person) => request(person));
  };
  const request = ({ viewer, user }: Person): HTMLElement =>
    element(
      'div',
      { class: 'notice' },
      element('span', { text: `${user} asks for control.` }),
      button('Give control', () => connection.control('give', viewer), { class: 'button button-primary' }),
      button(
        'Not now',
        () => {
          dismissed.add(viewer);
          render();
        },
        { class: 'button' },
      ),
    );

  connection.subscribe(render);
  render();
  const clipboard = createNews(connection, ({ clipboardRefusal }) => clipboardRefusal, refusalText);
  const launch = createNews(connection, ({ launched }) => launched, launchText);
  return element('div', { class: 'notices' }, badge, warning, clipboard, launch, requests);
}

/** Rebuilds the list only when it is another one: a button that has the focus must not be replaced under a finger. */
function replaceList(list: HTMLElement, persons: readonly Person[], create: (person: Person) => HTMLElement): void {
  const key = persons.map(({ viewer }) => viewer).join('\n');
  if (list.dataset['key'] === key) return;
  list.dataset['key'] = key;
  list.replaceChildren(...persons.map(create));
}

function isDriver({ welcome, viewers }: ViewerSnapshot): boolean {
  return welcome !== undefined && viewers?.controller === welcome.viewer;
}

function watchingText(snapshot: ViewerSnapshot): string | undefined {
  const { phase, welcome } = snapshot;
  if (phase.name !== 'streaming' || !welcome || mayDrive(snapshot)) return undefined;
  if (welcome.role === 'view') return 'View only';
  const driver = people(snapshot).find(({ isDriving }) => isDriving);
  return driver ? `${driver.user} is in control` : 'Watching';
}

function createWarning(connection: ViewerConnection): HTMLElement {
  const title = element('strong');
  const text = element('span');
  const left = element('span', { class: 'notice-countdown', attributes: { role: 'timer' } });
  const close = button('Hide', () => hide(), { class: 'button' });
  const words = element('div', { class: 'notice-words', attributes: { role: 'alert' } }, title, text);
  const notice = element('div', { class: 'notice notice-warning' }, words, left, close);
  let shown: ViewerSnapshot['warning'];
  let timer: ReturnType<typeof setInterval> | undefined;

  const hide = (): void => {
    notice.hidden = true;
    clearInterval(timer);
  };
  const count = (): void => {
    const remaining = shown && countdown(Date.parse(shown.at), Date.now());
    left.textContent = remaining ?? 'now';
  };
  const render = (): void => {
    const { warning, phase } = connection.snapshot();
    if (phase.name === 'ended') hide();
    if (warning === shown) return;
    shown = warning;
    hide();
    if (!warning) return;
    notice.hidden = false;
    title.textContent = warningTitles[warning.reason];
    text.textContent = warning.message;
    count();
    timer = setInterval(count, 1_000);
  };

  notice.hidden = true;
  connection.subscribe(render);
  render();
  return notice;
}

/** Says for some seconds what just happened: `read` tells news by another object than before. */
function createNews<News extends object>(
  connection: ViewerConnection,
  read: (snapshot: ViewerSnapshot) => News | undefined,
  words: (news: News) => string,
): HTMLElement {
  const text = element('span');
  const notice = element('div', { class: 'notice', attributes: { role: 'status' } }, text);
  let shown: News | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const render = (): void => {
    const news = read(connection.snapshot());
    if (news === shown) return;
    shown = news;
    notice.hidden = news === undefined;
    text.textContent = news === undefined ? '' : words(news);
    clearTimeout(timer);
    timer = setTimeout(() => (notice.hidden = true), newsMs);
  };

  notice.hidden = true;
  connection.subscribe(render);
  return notice;
}
