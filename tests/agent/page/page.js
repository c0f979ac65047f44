// The smallest viewer: it shows the picture, keeps every message, and lets a test say anything to the agent.
const video = document.querySelector('video');
const state = { signals: [], control: [], motions: [], closed: undefined, connected: false, frames: 0, rate: {} };
/** The agent closes signalling with this code where media ended before the viewer did, such as a handshake that failed. */
const comeBack = 1012;
let socket;
let peer;
const channels = {};

async function throwAwayOffer(withoutCodec) {
  const connection = new RTCPeerConnection();
  const transceiver = connection.addTransceiver('video', { direction: 'recvonly' });
  if (withoutCodec !== undefined) {
    const codecs = RTCRtpReceiver.getCapabilities('video').codecs.filter(({ mimeType }) => mimeType !== withoutCodec);
    transceiver.setCodecPreferences(codecs);
  }
  connection.createDataChannel('control');
  const { sdp } = await connection.createOffer();
  connection.close();
  return sdp;
}

async function onSignal(signal) {
  state.signals.push(signal);
  if (signal.type === 'welcome') startPeer();
  if (signal.type === 'offer') {
    await peer.setRemoteDescription(signal);
    await peer.setLocalDescription(await peer.createAnswer());
    socket.send(JSON.stringify({ type: 'answer', sdp: peer.localDescription.sdp }));
    for (const { receiver } of peer.getTransceivers()) receiver.jitterBufferTarget = 0;
  }
  if (signal.type === 'candidate') await peer.addIceCandidate({ candidate: signal.candidate, sdpMid: signal.mid });
}

function startPeer() {
  peer = new RTCPeerConnection();
  peer.ontrack = ({ streams }) => {
    video.srcObject = streams[0];
    const count = () => {
      state.frames += 1;
      video.requestVideoFrameCallback(count);
    };
    video.requestVideoFrameCallback(count);
  };
  peer.ondatachannel = ({ channel }) => {
    channel.binaryType = 'arraybuffer';
    channels[channel.label] = channel;
    channel.onmessage = ({ data }) => {
      if (typeof data === 'string') state.control.push(JSON.parse(data));
      else state.motions.push([new DataView(data).getUint16(3), new DataView(data).getUint16(5)]);
    };
  };
  peer.onconnectionstatechange = () => {
    state.connected = peer.connectionState === 'connected';
    state.connectionState = peer.connectionState;
  };
  peer.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate && socket.readyState === 1) {
      socket.send(JSON.stringify({ type: 'candidate', candidate: candidate.candidate, mid: candidate.sdpMid }));
    }
  };
}

window.vdi = {
  state,
  async connect(options = {}) {
    const { viewport = { width: 1280, height: 720 }, withoutCodec, resume } = options;
    const sdp = await throwAwayOffer(withoutCodec);
    state.closed = undefined;
    state.control.length = 0;
    socket = new WebSocket(`ws://${location.host}/ws`, 'vdi.v1');
    let order = Promise.resolve();
    socket.onmessage = ({ data }) => {
      order = order.then(() => onSignal(JSON.parse(data)));
    };
    socket.onclose = ({ code, reason }) => {
      if (code === comeBack) {
        const viewer = state.signals.findLast(({ type }) => type === 'welcome')?.viewer;
        void window.vdi.connect({ ...options, resume: viewer });
        return;
      }
      state.closed = { code, reason };
    };
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('The WebSocket did not open.'));
    });
    socket.send(JSON.stringify({ type: 'hello', sdp, viewport, ...(resume === undefined ? {} : { resume }) }));
  },
  breakOff() {
    // The agent may ask to come back before it hears this; who broke off does so when the test says.
    socket.onclose = null;
    socket.close(4000);
    peer.close();
  },
  /** The agent was heard, too: what is sent on a channel that only just opened is now and then lost by the browser. */
  isReady: () => state.connected && state.control.length > 0 && channels.motion?.readyState === 'open',
  control: (message) => channels.control.send(JSON.stringify(message)),
  /** Sends `bytes` as a clipboard, in pieces as large as they may be. */
  paste(bytes, format = 'text') {
    for (let at = 0; at === 0 || at < bytes.length; at += 49_152) {
      const data = btoa(Array.from(bytes.subarray(at, at + 49_152), (byte) => String.fromCharCode(byte)).join(''));
      vdi.control({ type: 'clipboard', format, data, isLast: at + 49_152 >= bytes.length });
    }
  },
  /** The text of the last clipboard that came, once it is whole. */
  copied() {
    const pieces = state.control.filter(({ type }) => type === 'clipboard');
    if (pieces.at(-1)?.isLast !== true) return undefined;
    const before = pieces.slice(0, -1).findLastIndex(({ isLast }) => isLast);
    const text = pieces
      .slice(before + 1)
      .map(({ data }) => atob(data))
      .join('');
    return new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  },
  rawControl: (text) => channels.control.send(text),
  motion(sequence, x, y) {
    const bytes = new DataView(new ArrayBuffer(7));
    bytes.setUint8(0, 1);
    bytes.setUint16(1, sequence);
    bytes.setUint16(3, x);
    bytes.setUint16(5, y);
    channels.motion.send(bytes.buffer);
  },
  /** Mean colour of a square of the picture, in pixels of the remote screen. */
  colour(x, y, size = 16) {
    if (video.videoWidth === 0) return undefined;
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext('2d');
    context.drawImage(video, x, y, size, size, 0, 0, size, size);
    const { data } = context.getImageData(0, 0, size, size);
    const sums = [0, 0, 0];
    for (let index = 0; index < data.length; index += 4) for (let c = 0; c < 3; c += 1) sums[c] += data[index + c];
    return sums.map((sum) => Math.round(sum / (size * size)));
  },
  size: () => [video.videoWidth, video.videoHeight],
  async codec() {
    for (const report of (await peer.getStats()).values()) {
      if (report.type === 'inbound-rtp') return (await peer.getStats()).get(report.codecId)?.mimeType;
    }
    return undefined;
  },
  async inbound() {
    for (const report of (await peer.getStats()).values()) {
      if (report.type === 'inbound-rtp') return { ...report };
    }
    return undefined;
  },
  renew: (viewer) =>
    fetch('/renew', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ viewer }),
    }).then(async (response) => ({ status: response.status, text: await response.text() })),
};
