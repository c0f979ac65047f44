import { AgentSignal, decodeMessage, signalSubprotocol, type ViewerSignal } from '@vdi/protocol';

export interface SignalSocketHandlers {
  opened(): void;
  received(signal: AgentSignal): void;
  /** Once. `wasOpen` is false where the server refused the upgrade or could not be reached. */
  closed(wasOpen: boolean): void;
  /** The agent said something that is not in the protocol. */
  misunderstood(cause: unknown): void;
}

export interface SignalSocket {
  send(signal: ViewerSignal): void;
  /** Without a closing code, and the agent waits some seconds for a viewer that comes back; leaving says so (1000). */
  close(isLeaving: boolean): void;
}

/** Signalling over a WebSocket: typed messages in, typed messages out. */
export function openSignalSocket(url: URL, handlers: SignalSocketHandlers): SignalSocket {
  const socket = new WebSocket(url, signalSubprotocol);
  let wasOpen = false;

  socket.onopen = () => {
    wasOpen = true;
    handlers.opened();
  };
  socket.onmessage = (event: MessageEvent<unknown>) => {
    try {
      handlers.received(decodeMessage(AgentSignal, String(event.data)));
    } catch (cause) {
      handlers.misunderstood(cause);
    }
  };
  socket.onclose = () => handlers.closed(wasOpen);

  return {
    send(signal) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(signal));
    },
    close(isLeaving) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      if (isLeaving) socket.close(1000);
      else socket.close();
    },
  };
}
