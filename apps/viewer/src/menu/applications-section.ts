import { button, element } from '../page/element.ts';
import type { ViewerConnection } from '../viewer-connection.ts';
import { mayDrive, type ViewerSnapshot } from '../viewer-snapshot.ts';
import { type MenuSection, sectionElement } from './menu-section.ts';

/** Launchers of the template. */
export function createApplicationsSection(connection: ViewerConnection, close: () => void): MenuSection {
  const list = element('div', { class: 'menu-tiles' });
  const section = sectionElement('Applications', list);
  let shown: NonNullable<ViewerSnapshot['welcome']>['applications'] | undefined;

  const launcher = (name: string): HTMLElement => {
    const launch = button(
      name,
      () => {
        connection.launch(name);
        close();
      },
      { class: 'menu-tile', attributes: { 'aria-label': `Start ${name}` } },
    );
    launch.prepend(
      element('span', { class: 'menu-initial', text: initial(name), attributes: { 'aria-hidden': 'true' } }),
    );
    return launch;
  };

  return {
    element: section,
    update(snapshot) {
      const applications = snapshot.welcome?.applications ?? [];
      section.hidden = applications.length === 0 || !mayDrive(snapshot);
      if (applications === shown) return;
      shown = applications;
      list.replaceChildren(...applications.map(({ name }) => launcher(name)));
    },
  };
}

function initial(name: string): string {
  return String.fromCodePoint(name.trim().codePointAt(0) ?? 0x3f).toUpperCase();
}
