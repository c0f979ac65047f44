import type { ViewerConnection } from '../viewer-connection.ts';
import { element } from '../page/element.ts';
import { statisticsRows } from './statistics-rows.ts';
import { type StreamReading, streamReading, streamStatistics } from './stream-statistics.ts';

const readEveryMs = 1_000;

export interface StatisticsPanel {
  readonly element: HTMLElement;
  readonly isShown: boolean;
  toggle(): void;
}

/** Numbers about the stream, read once a second while the panel is shown and never otherwise. */
export function createStatisticsPanel(connection: ViewerConnection): StatisticsPanel {
  const list = element('dl', { class: 'statistics-rows' });
  const panel = element('section', { class: 'statistics', attributes: { 'aria-label': 'Statistics' } }, list);
  let last: StreamReading | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const read = async (): Promise<void> => {
    const report = await connection.statistics();
    const reading = report && streamReading(report);
    const statistics = last && reading && streamStatistics(last, reading);
    last = reading;
    show(list, statisticsRows(reading, statistics, connection.snapshot()));
  };

  panel.hidden = true;
  return {
    element: panel,
    get isShown() {
      return !panel.hidden;
    },
    toggle() {
      panel.hidden = !panel.hidden;
      clearInterval(timer);
      last = undefined;
      if (panel.hidden) return;
      void read();
      timer = setInterval(() => void read(), readEveryMs);
    },
  };
}

function show(list: HTMLElement, rows: ReturnType<typeof statisticsRows>): void {
  while (list.childElementCount < rows.length) {
    list.append(element('div', { class: 'statistics-row' }, element('dt'), element('dd')));
  }
  for (const [index, [label, value]] of rows.entries()) {
    const [term, description] = list.children.item(index)?.children ?? [];
    if (term && term.textContent !== label) term.textContent = label;
    if (description && description.textContent !== value) description.textContent = value;
  }
}
