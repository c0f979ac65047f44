import './viewer.css';
import { connectViewer } from './connect-viewer.ts';
import { createStatisticsPanel } from './hud/statistics-panel.ts';
import { createMenu } from './menu/menu.ts';
import { createNotices } from './page/notices.ts';
import { createPhasePage } from './page/phase-page.ts';
import { loadPreferences, savePreferences } from './page/preferences.ts';

const isMac = /mac/i.test(navigator.platform);
const shortcutName = isMac ? 'Control+Option+Shift+M' : 'Ctrl+Alt+Shift+M';

const surface = document.querySelector<HTMLElement>('#surface');
const video = document.querySelector<HTMLVideoElement>('#video');
if (!surface || !video)
  throw new Error('The page lacks its surface: index.html and the script are of different versions.');

const connection = connectViewer({
  video,
  surface,
  signalUrl: new URL('ws', document.baseURI),
  renewUrl: new URL('renew', document.baseURI),
  label: `Remote desktop. ${shortcutName} opens the menu.`,
  shortcut: isMenuShortcut,
  ...loadPreferences(),
});
const sessionName = (): string =>
  connection.snapshot().welcome?.session ?? location.hostname.split('.')[0] ?? 'Desktop';
const statistics = createStatisticsPanel(connection);
const menu = createMenu({ connection, statistics, shortcutName, isMac, title: sessionName });

function isMenuShortcut(event: KeyboardEvent): boolean {
  const isIt = event.code === 'KeyM' && event.ctrlKey && event.altKey && event.shiftKey;
  if (isIt && !event.repeat) menu.toggle();
  return isIt;
}

document.body.append(statistics.element, createPhasePage(connection), createNotices(connection), menu.element);
surface.addEventListener('pointerdown', () => menu.close());
// The shortcut also works when the focus is elsewhere on the page.
addEventListener('keydown', (event) => {
  if (!event.defaultPrevented && isMenuShortcut(event)) event.preventDefault();
});

connection.subscribe(() => {
  const { phase, resolution, commandKey } = connection.snapshot();
  document.title = phase.name === 'streaming' ? sessionName() : `${sessionName()} · ${phase.name}`;
  savePreferences({ resolution, commandKey });
});
connection.focus();
