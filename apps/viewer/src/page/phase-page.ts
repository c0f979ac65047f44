import type { ViewerConnection } from '../viewer-connection.ts';
import { countdown } from './countdown.ts';
import { button, element } from './element.ts';
import { phaseMessage } from './phase-message.ts';

/** What covers the desktop while there is no live picture. */
export function createPhasePage(connection: ViewerConnection): HTMLElement {
  const title = element('h1', { class: 'phase-title' });
  const text = element('p', { class: 'phase-text' });
  const wait = element('p', { class: 'phase-wait', attributes: { 'aria-hidden': 'true' } });
  const action = button('', () => act(), { class: 'button button-primary' });
  const spinner = element('div', { class: 'spinner', attributes: { 'aria-hidden': 'true' } });
  const words = element('div', { attributes: { role: 'status' } }, title, text);
  const card = element('div', { class: 'phase-card' }, spinner, words, wait, action);
  const page = element('div', { class: 'phase-page' }, card);
  let timer: ReturnType<typeof setInterval> | undefined;

  const act = (): void => {
    if (phaseMessage(connection.snapshot())?.action?.kind === 'reload') location.reload();
    else connection.retryNow();
  };
  const showWait = (): void => {
    const { phase } = connection.snapshot();
    const left =
      phase.name === 'reconnecting' && phase.retryAt !== undefined ? countdown(phase.retryAt, Date.now()) : '';
    wait.textContent = left ? `Next try in ${left}` : '';
  };
  const render = (): void => {
    const { phase, hasPicture } = connection.snapshot();
    const message = phaseMessage({ phase, hasPicture });
    page.hidden = message === undefined;
    clearInterval(timer);
    if (!message) return;
    page.dataset['phase'] = phase.name;
    page.classList.toggle('phase-over-picture', hasPicture && phase.name === 'reconnecting');
    // Only what changes is set, so that a screen reader says it once.
    if (title.textContent !== message.title) title.textContent = message.title;
    if (text.textContent !== message.text) text.textContent = message.text;
    spinner.hidden = !message.isBusy;
    action.hidden = message.action === undefined;
    action.textContent = message.action?.label ?? '';
    showWait();
    if (phase.name === 'reconnecting' && phase.retryAt !== undefined) timer = setInterval(showWait, 1_000);
  };

  connection.subscribe(render);
  render();
  return page;
}
