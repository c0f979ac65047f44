import type { StatisticsPanel } from '../hud/statistics-panel.ts';
import { button, element } from '../page/element.ts';
import type { ViewerConnection } from '../viewer-connection.ts';
import { createApplicationsSection } from './applications-section.ts';
import { createChoiceSection } from './choice-section.ts';
import { canFullScreen, isFullScreen, toggleFullScreen } from './full-screen.ts';
import type { MenuSection } from './menu-section.ts';
import { createPeopleSection } from './people-section.ts';
import { createTextSection } from './text-section.ts';

export interface Menu {
  readonly element: HTMLElement;
  toggle(): void;
  close(): void;
}

export interface MenuOptions {
  readonly connection: ViewerConnection;
  readonly statistics: StatisticsPanel;
  /** How the keyboard reaches the menu, for people to read. */
  readonly shortcutName: string;
  readonly isMac: boolean;
  readonly title: () => string;
}

/** The session's menu, behind a small handle at the top edge. */
export function createMenu(options: MenuOptions): Menu {
  const { connection } = options;
  const handle = element('button', {
    class: 'menu-handle',
    click: () => toggle(),
    attributes: {
      type: 'button',
      'aria-label': `Menu (${options.shortcutName})`,
      'aria-expanded': 'false',
      'aria-controls': 'menu',
      title: `Menu (${options.shortcutName})`,
    },
  });
  const title = element('strong', { class: 'menu-title' });
  const leave = button('Leave', () => connection.leave(), { class: 'button' });
  const sections = createSections(options, () => close());
  const hint = element('p', { class: 'menu-hint', text: `${options.shortcutName} opens and closes this menu.` });
  const panel = element(
    'div',
    { class: 'menu', attributes: { id: 'menu', role: 'dialog', 'aria-label': 'Session menu', tabindex: '-1' } },
    element(
      'header',
      { class: 'menu-header' },
      title,
      leave,
      button('Close', () => close(), { class: 'button' }),
    ),
    ...sections.map((section) => section.element),
    hint,
  );

  const place = element('nav', { class: 'menu-place', attributes: { 'aria-label': 'Session' } }, handle, panel);
  const update = (): void => {
    // A connection that has ended has nothing left to choose.
    place.hidden = connection.snapshot().phase.name === 'ended';
    if (panel.hidden) return;
    title.textContent = options.title();
    for (const section of sections) section.update(connection.snapshot());
  };
  const open = (): void => {
    panel.hidden = false;
    handle.setAttribute('aria-expanded', 'true');
    update();
    panel.focus();
  };
  const close = (): void => {
    if (panel.hidden) return;
    panel.hidden = true;
    handle.setAttribute('aria-expanded', 'false');
    connection.focus();
  };
  const toggle = (): void => (panel.hidden ? open() : close());

  panel.hidden = true;
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  document.addEventListener('fullscreenchange', update);
  connection.subscribe(update);
  return { element: place, toggle, close };
}

function createSections(options: MenuOptions, close: () => void): readonly MenuSection[] {
  const { connection } = options;
  return [
    createActionsSection(options, close),
    createApplicationsSection(connection, close),
    createPeopleSection(connection),
    createTextSection(connection),
    createChoiceSection({
      heading: 'Picture',
      options: [
        { value: 'sharp', label: 'Sharp', hint: 'every pixel of this screen' },
        { value: 'large', label: 'Large text', hint: 'as large as on this computer' },
        { value: 'light', label: 'Light', hint: 'fewer pixels for slow networks' },
      ],
      current: ({ resolution }) => resolution,
      choose: (resolution) => connection.setResolution(resolution),
    }),
    ...(options.isMac ? [createCommandKeySection(connection)] : []),
  ];
}

function createCommandKeySection(connection: ViewerConnection): MenuSection {
  return createChoiceSection({
    heading: 'Command key',
    options: [
      { value: 'control', label: 'Control', hint: '⌘C copies' },
      { value: 'super', label: 'Super', hint: '⌘ opens the desktop’s menu' },
    ],
    current: ({ commandKey }) => commandKey,
    choose: (commandKey) => connection.setCommandKey(commandKey),
  });
}

function createActionsSection({ connection, statistics }: MenuOptions, close: () => void): MenuSection {
  const fullScreen = button('Full screen', () => {
    close();
    void toggleFullScreen();
  });
  const keyboard = button('Keyboard', () => {
    close();
    connection.showKeyboard();
  });
  const numbers = button('Statistics', () => {
    statistics.toggle();
    close();
  });
  const all = [fullScreen, keyboard, numbers];
  for (const action of all) action.className = 'button';
  return {
    element: element('div', { class: 'menu-actions menu-main' }, ...all),
    update() {
      fullScreen.hidden = !canFullScreen();
      fullScreen.textContent = isFullScreen() ? 'Leave full screen' : 'Full screen';
      keyboard.hidden = !matchMedia('(any-pointer: coarse)').matches;
      numbers.setAttribute('aria-pressed', String(statistics.isShown));
    },
  };
}
