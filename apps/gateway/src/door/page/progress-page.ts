import { readFileSync } from 'node:fs';
import { answer, type DoorAnswer } from '../answer.ts';
import { ownPaths } from '../own-paths.ts';
import type { Progress } from '../progress.ts';
import { escapeHtml } from './escape-html.ts';
import { livePagePolicy, page } from './page.ts';

const script = readFileSync(new URL('progress.js', import.meta.url), 'utf8');

export function progressScript(): DoorAnswer {
  return answer(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' }, script);
}

/** What somebody sees while a desktop starts: complete without its script, which keeps it current and goes on. */
export function progressPage(progress: Progress): DoorAnswer {
  const items = progress.stages.map(
    ({ stage, title }, index) =>
      `<li data-stage="${escapeHtml(stage)}"${classOf(progress, index)}>${escapeHtml(title)}</li>`,
  );
  const list = `<ol class="stages" aria-label="Progress">${items.join('')}</ol>\n`;
  const content = { title: progress.title, message: progress.message, whatToDo: progress.whatToDo };
  const head = `<noscript><meta http-equiv="refresh" content="2"></noscript>\n<script src="${ownPaths.progressScript}" defer></script>\n`;
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': livePagePolicy,
    'Retry-After': '1',
  };
  return answer(503, headers, page(content, list, head).replace('<p id="message">', '<p id="message" role="status">'));
}

function classOf({ stages }: Progress, index: number): string {
  if (stages[index]?.isReached === true) return ' class="reached"';
  return stages.findIndex(({ isReached }) => !isReached) === index ? ' class="current" aria-current="step"' : '';
}
