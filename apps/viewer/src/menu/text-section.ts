import { type ClipboardFormat, mayPass } from '@vdi/protocol';
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
    const content = connection.snapshot().desktopClipboard;
    if (content?.format === 'text') {
      field.value = new TextDecoder().decode(content.bytes);
      field.select();
    }
    void connection.copyFromDesktop().then((isCopied) => {
      outcome.textContent = isCopied ? 'On this computer’s clipboard.' : byHand(content?.format);
    });
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
      copy.hidden = !mayPass(snapshot.welcome?.clipboard ?? 'both', 'in');
      fetchText.hidden = snapshot.desktopClipboard === undefined;
    },
  };
}

/** For browsers that keep their clipboard from pages. */
function byHand(format: ClipboardFormat | undefined): string {
  return format === 'png' ? 'This browser lets no page copy pictures.' : 'Copy it from the field above.';
}
