import type { Desktop } from '../display/desktop.ts';
import type { Viewer } from './viewer.ts';

/** Serial numbers that a viewer's page remembers; beyond that pictures are sent again. */
const rememberedCursors = 256;

/** Tells one connected viewer of the cursor and the screen, until the result is called. */
export function feedDesktop(viewer: Viewer, desktop: Desktop): () => void {
  const known = new Set<number>();
  const stopCursor = desktop.onCursor(({ serial, visible, hotspot, png }) => {
    const isKnown = known.has(serial);
    if (known.size >= rememberedCursors) known.clear();
    known.add(serial);
    const picture = isKnown ? {} : { png: png.toString('base64') };
    viewer.sendControl({ type: 'cursor', serial, visible, hotspot: { ...hotspot }, ...picture });
  });
  const stopScreen = desktop.onScreen((screen) => viewer.sendControl({ type: 'screen', screen: { ...screen } }));
  viewer.sendControl({ type: 'screen', screen: { ...desktop.screen } });
  return () => {
    stopCursor();
    stopScreen();
  };
}
