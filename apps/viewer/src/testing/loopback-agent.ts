/**
 * The agent's side of a connection in a second page of the same browser, for tests of the viewer without a desktop: a real
 * `RTCPeerConnection` that sends a drawn picture and keeps what the viewer said. The test carries the signalling.
 */
import {
  type AgentControl,
  type AgentSignal,
  controlChannel,
  decodeMessage,
  decodeMotion,
  encodeMotion,
  type Motion,
  motionChannel,
  type Size,
  ViewerControl,
  ViewerSignal,
} from '@vdi/protocol';

type Welcome = Extract<AgentSignal, { type: 'welcome' }>;

declare global {
  interface Window {
    /** Given by the test: carries a signal to the viewer. */
    toViewer(text: string): void;
    loopback: LoopbackAgent;
  }
}

/** A picture that looks like a desktop, with a clock hand that moves so that frames keep coming. */
function draw(canvas: HTMLCanvasElement, tick: number): void {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  const { width, height } = canvas;
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, '#27476e');
  sky.addColorStop(1, '#0e1a2b');
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#e8ebef';
  context.fillRect(width * 0.18, height * 0.2, width * 0.5, height * 0.55);
  context.fillStyle = '#33506f';
  context.fillRect(width * 0.18, height * 0.2, width * 0.5, 28);
  context.fillStyle = '#11161d';
  context.fillRect(0, height - 36, width, 36);
  context.fillStyle = '#e8ebef';
  context.font = '15px sans-serif';
  context.fillText(`${width} × ${height}`, 16, height - 13);
  context.fillStyle = '#6aa5ff';
  context.fillRect(width - 60, height - 26, 4 + (tick % 40), 16);
}

class LoopbackAgent {
  readonly signals: ViewerSignal[] = [];
  readonly messages: ViewerControl[] = [];
  readonly motions: Motion[] = [];
  /** Pings so far: the control channel keeps order, so what was sent before one has arrived with it. */
  pings = 0;
  readonly #canvas = document.createElement('canvas');
  #welcome: Welcome | undefined;
  #connection: RTCPeerConnection | undefined;
  #control: RTCDataChannel | undefined;
  #motion: RTCDataChannel | undefined;
  #motionSequence = 0;
  #greeting = Promise.withResolvers<void>();
  #tick = 0;

  constructor() {
    this.#canvas.width = 1280;
    this.#canvas.height = 720;
    document.body.append(this.#canvas);
    setInterval(() => draw(this.#canvas, (this.#tick += 1)), 50);
  }

  /** What the next hello is answered with. */
  prepare(welcome: Welcome): void {
    this.#welcome = welcome;
  }

  async receive(text: string): Promise<void> {
    const signal = decodeMessage(ViewerSignal, text);
    this.signals.push(signal);
    if (signal.type === 'hello') await this.#begin(signal.viewport);
    if (signal.type === 'answer') await this.#connection?.setRemoteDescription(signal);
    if (signal.type === 'candidate') {
      await this.#connection?.addIceCandidate({ candidate: signal.candidate, sdpMid: signal.mid });
    }
  }

  /** Resolves when the viewer's first message of this connection is there: from then on, either hears the other. */
  greeted(): Promise<void> {
    return this.#greeting.promise;
  }

  say(message: AgentControl): void {
    if (!this.#control) throw new Error('No viewer is connected.');
    this.#control.send(JSON.stringify(message));
  }

  /** Tells where the pointer is; may get lost. */
  point(x: number, y: number): void {
    if (this.#motion?.readyState !== 'open') return;
    this.#motion.send(encodeMotion({ sequence: (this.#motionSequence += 1), x, y }));
  }

  /** Ends the media, as an agent that crashed does. */
  cut(): void {
    this.#connection?.close();
  }

  async #begin(viewport: Size): Promise<void> {
    if (!this.#welcome) return;
    this.#resize(viewport);
    this.#signal({ ...this.#welcome, screen: viewport });
    this.#connection?.close();
    this.#greeting = Promise.withResolvers<void>();
    const connection = new RTCPeerConnection();
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return;
      this.#signal({ type: 'candidate', candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' });
    };
    this.#openChannels(connection);
    const stream = this.#canvas.captureStream(20);
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    await connection.setLocalDescription();
    this.#signal({ type: 'offer', sdp: connection.localDescription?.sdp ?? '' });
  }

  #openChannels(connection: RTCPeerConnection): void {
    const control = connection.createDataChannel(controlChannel);
    const motion = connection.createDataChannel(motionChannel, { ordered: false, maxRetransmits: 0 });
    motion.binaryType = 'arraybuffer';
    control.onmessage = ({ data }: MessageEvent<string>) => this.#received(decodeMessage(ViewerControl, data));
    motion.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const decoded = decodeMotion(new Uint8Array(data));
      if (decoded) this.motions.push(decoded);
    };
    // As the agent does, whose first words tell the viewer that it may speak.
    control.onopen = () => this.say({ type: 'screen', screen: this.#screen });
    this.#control = control;
    this.#motion = motion;
  }

  #received(message: ViewerControl): void {
    this.#greeting.resolve();
    if (message.type === 'ping') {
      this.pings += 1;
      this.say({ type: 'pong', sentAt: message.sentAt, agentAt: Date.now() });
      return;
    }
    this.messages.push(message);
    if (message.type !== 'resize') return;
    this.#resize(message.viewport);
    this.say({ type: 'screen', screen: this.#screen });
  }

  get #screen(): Size {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  #resize({ width, height }: Size): void {
    this.#canvas.width = width;
    this.#canvas.height = height;
    draw(this.#canvas, this.#tick);
  }

  #signal(signal: AgentSignal): void {
    globalThis.window.toViewer(JSON.stringify(signal));
  }
}

globalThis.window.loopback = new LoopbackAgent();
