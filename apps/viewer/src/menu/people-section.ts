import { button, element } from '../page/element.ts';
import type { ViewerConnection } from '../viewer-connection.ts';
import { people, type Person, type ViewerSnapshot } from '../viewer-snapshot.ts';
import { type MenuSection, sectionElement } from './menu-section.ts';

const roleNames = { owner: 'owner', control: 'may control', view: 'view only' } as const;

/** Who is here, who drives, and what one can do about it. */
export function createPeopleSection(connection: ViewerConnection): MenuSection {
  const list = element('ul', { class: 'menu-people' });
  const own = element('div', { class: 'menu-actions' });
  const section = sectionElement('People', list, own);
  let shownFor: ViewerSnapshot['viewers'];
  return {
    element: section,
    update(snapshot) {
      const persons = people(snapshot);
      section.hidden = persons.length === 0;
      if (snapshot.viewers === shownFor) return;
      shownFor = snapshot.viewers;
      const self = persons.find(({ isSelf }) => isSelf);
      list.replaceChildren(...persons.map((person) => row(connection, person, self)));
      own.replaceChildren(...ownActions(connection, persons, self));
    },
  };
}

function row(connection: ViewerConnection, person: Person, self: Person | undefined): HTMLElement {
  const mayGive = !person.isSelf && person.role !== 'view' && (self?.isDriving === true || self?.role === 'owner');
  const state = person.isDriving ? 'in control' : person.isAsking ? 'asks for control' : roleNames[person.role];
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'menu-person' },
      element('span', { text: person.isSelf ? `${person.user} (you)` : person.user }),
      element('small', { class: person.isDriving ? 'menu-driving' : '', text: state }),
    ),
    mayGive &&
      !person.isDriving &&
      button('Give control', () => connection.control('give', person.viewer), {
        class: 'button',
        attributes: { 'aria-label': `Give control to ${person.user}` },
      }),
  );
}

function ownActions(
  connection: ViewerConnection,
  persons: readonly Person[],
  self: Person | undefined,
): readonly HTMLElement[] {
  if (!self || self.role === 'view') return [];
  if (self.isDriving) {
    return persons.length > 1
      ? [button('Release control', () => connection.control('release'), { class: 'button' })]
      : [];
  }
  if (self.role === 'owner') {
    return [button('Take control', () => connection.control('take'), { class: 'button button-primary' })];
  }
  if (self.isAsking) return [element('small', { text: 'You have asked for control.' })];
  return [button('Ask for control', () => connection.control('request'), { class: 'button button-primary' })];
}
