import type { WatchEvent } from './watch-event.ts';
import type { Watcher } from './watcher.ts';

/** The body of a watch: one JSON document a line. It reads from the watcher only when the client has read what came before. */
export function watchBody(watcher: Watcher, encode: (event: WatchEvent) => string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const events = await watcher.next();
        if (events === undefined) controller.close();
        else controller.enqueue(encoder.encode(events.map((event) => `${encode(event)}\n`).join('')));
      },
      cancel: () => watcher.end(),
    },
    { highWaterMark: 1 },
  );
}
