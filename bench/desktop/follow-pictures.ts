import type { BrowserContext } from 'playwright-core';
import type { Launch } from './launch-desktop.ts';

type Moments = Omit<Launch, 'signInAskedAt'>;

/** What the script below tells, with the moment in milliseconds since 1970. */
interface Note {
  readonly what: 'clicked' | 'asked' | 'document' | 'viewer' | 'frame' | 'lit';
  readonly at: number;
}

/** Watches every page of a context for presses of Launch and for the first frames of a desktop. */
export async function followPictures(context: BrowserContext): Promise<{ first(withinMs: number): Promise<Moments> }> {
  const notes: Note[] = [];
  const lit = Promise.withResolvers<void>();
  await context.exposeBinding('benchNote', (_source, note: Note) => {
    notes.push(note);
    if (note.what === 'lit') lit.resolve();
  });
  await context.addInitScript({ content: script });
  return {
    async first(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`No lit frame within ${withinMs / 1000} s`)), withinMs);
      });
      try {
        await Promise.race([lit.promise, late]);
      } finally {
        clearTimeout(timer);
      }
      return momentsOf(notes);
    },
  };
}

/** @throws Error when the notes are not those of a press and its picture */
export function momentsOf(notes: readonly Note[]): Moments {
  // The press before it signed in.
  const clickedAt = notes.findLast(({ what }) => what === 'clicked')?.at ?? Number.NaN;
  const since = (what: Note['what'], from: number): number => find(notes, what, ({ at }) => at >= from);
  const firstFrameAt = since('frame', clickedAt);
  const parsedAt = since('viewer', clickedAt);
  const documents = notes.filter(({ what, at }) => what === 'document' && at >= clickedAt && at <= parsedAt);
  const [opened, navigated] = [documents.at(0), documents.at(-1)];
  if (opened === undefined || navigated === undefined) throw new Error('No page was opened after the press of Launch.');
  return {
    clickedAt,
    askedAt: since('asked', clickedAt),
    openedAt: opened.at,
    navigatedAt: navigated.at,
    parsedAt,
    firstFrameAt,
    firstLitFrameAt: since('lit', clickedAt),
  };
}

function find(notes: readonly Note[], what: Note['what'], matches: (note: Note) => boolean): number {
  const note = notes.find((candidate) => candidate.what === what && matches(candidate));
  if (note === undefined) throw new Error(`The pages told of no "${what}".`);
  return note.at;
}

/**
 * Runs in every document before its own scripts. As text, because these files are compiled for Node, which has no document.
 * The moment of a frame is taken when the browser calls back, before anything is done with it.
 */
const script = `(() => {
  if (location.protocol === 'about:' || window !== top) return;
  const wall = (time) => performance.timeOrigin + time;
  const note = (what, at) => void benchNote({ what, at });
  addEventListener('click', (event) => note('clicked', wall(event.timeStamp)), { capture: true });
  new PerformanceObserver((list) => {
    for (const { name, requestStart } of list.getEntries()) if (name.endsWith('/graphql')) note('asked', wall(requestStart));
  }).observe({ type: 'resource', buffered: true });
  const isLit = (video) => {
    const context = new OffscreenCanvas(64, 36).getContext('2d');
    context.drawImage(video, 0, 0, 64, 36);
    const { data } = context.getImageData(0, 0, 64, 36);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return colours.size > 20;
  };
  note('document', wall(0));
  // "interactive" comes before scripts of type module, and so before anything can be in the video.
  document.addEventListener('readystatechange', () => {
    const video = document.querySelector('video');
    if (document.readyState !== 'interactive' || video === null) return;
    note('viewer', wall(performance.now()));
    let isFirst = true;
    const frame = () => {
      const at = wall(performance.now());
      if (isFirst) note('frame', at);
      isFirst = false;
      if (isLit(video)) note('lit', at);
      else video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  });
})()`;
