import { Viewer } from './viewer.ts';
import type { ViewerConnection, ViewerOptions } from './viewer-connection.ts';

/**
 * Shows a desktop in `options.video`, carries input from `options.surface`, and stays connected until it is disposed or
 * the session ends.
 *
 * @example
 * const connection = connectViewer({ video, surface, signalUrl: '/ws', renewUrl: '/renew' });
 * connection.subscribe(() => render(connection.snapshot()));
 */
export function connectViewer(options: ViewerOptions): ViewerConnection {
  const viewer = new Viewer(options);
  viewer.start();
  return viewer;
}
