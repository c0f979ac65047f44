export type { MediaClock } from './clock.ts';
export { extensionUri, type ExtensionIds, type ExtensionName } from './rtp/header-extensions.ts';
export {
  type MediaFrame,
  VideoSender,
  type VideoSenderStatistics,
  type VideoStreamParameters,
} from './video-sender.ts';
