import { button, element } from '../page/element.ts';
import type { ViewerConnection } from '../viewer-connection.ts';
import { mayDrive } from '../viewer-snapshot.ts';
import { type MenuSection, sectionElement } from './menu-section.ts';

/** Text to and from the desktop, for when keyboards and clipboards do not reach. */
export function createTextSection(connection: ViewerConnection): MenuSection {
  const outcome = element('small', { attributes: { role: 'status' } });
  const field = element('textarea', {
    class: 'menu-text',
    attributes: {
      rows: '2',
      'aria-label': 'Text for the desktop',
      placeholder: 'Text to type or paste on the desktop',
    },
  });
  const type = button('Type it', () => {
    connection.type(field.value);
    outcome.textContent = 'Typed.';
  });
  const copy = button('To its clipboard', () => {
    outcome.textContent = connection.copyToDesktop(field.value)
      ? 'On the desktop’s clipboard.'
      : 'Not sent: the text is too long, or the desktop is not connected.';
  });
  const fetchText = button('From its clipboard', () => {
    field.value = connection.snapshot().desktopClipboard ?? '';
    field.select();
    outcome.textContent = '';
  });
  for (const action of [type, copy, fetchText]) action.className = 'button';
  const section = sectionElement(
    'Text',
    field,
    element('div', { class: 'menu-actions' }, type, copy, fetchText),
    outcome,
  );
  return {
    element: section,
    update(snapshot) {
      type.disabled = copy.disabled = !mayDrive(snapshot);
      fetchText.hidden = snapshot.desktopClipboard === undefined;
    },
  };
}
