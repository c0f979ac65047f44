export { eventually } from './eventually.ts';
export { call, dismiss, lastLines, testimony, type Witness } from './evidence.ts';
export { launchBrowser } from './launch-browser.ts';
export { leftoversOf } from './leftovers.ts';
export { type Picture, pictureOf } from './picture-of.ts';
export { runCommand } from './run-command.ts';
export { type Standalone, startStandalone } from './start-standalone.ts';
export { testCacheHome } from './test-cache.ts';
