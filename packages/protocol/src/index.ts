export {
  type ClipboardContent,
  type ClipboardFormat,
  clipboardLimitBytes,
  ClipboardPiece,
  ClipboardPolicy,
  ClipboardRefusal,
  mayPass,
} from './clipboard.ts';
export { ClipboardAssembly, clipboardPieces } from './clipboard-pieces.ts';
export { decodeMessage, ProtocolError } from './codec.ts';
export { AgentControl, controlChannel, ViewerControl } from './control.ts';
export { decodeMotion, encodeMotion, isNewer, type Motion, motionChannel } from './motion.ts';
export { AgentSignal, ClosingCode, IceServer, Role, signalSubprotocol, Size, ViewerSignal } from './signal.ts';
export { RenewAnswer, RenewRequest, WarnRequest } from './requests.ts';
export { AgentStatus } from './status.ts';
