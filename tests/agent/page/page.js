// The smallest viewer: it shows the picture, keeps every message, and lets a test say anything to the agent.
const video = document.querySelector('video');
const state = { signals: [], control: [], closed: undefined, connected: false, frames: 0, rate: {} };
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
    channel.onmessage = ({ data }) => state.control.push(JSON.parse(data));
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
  async connect({ viewport = { width: 1280, height: 720 }, withoutCodec, resume } = {}) {
    const sdp = await throwAwayOffer(withoutCodec);
    state.closed = undefined;
    socket = new WebSocket(`ws://${location.host}/ws`, 'vdi.v1');
    let order = Promise.resolve();
    socket.onmessage = ({ data }) => {
      order = order.then(() => onSignal(JSON.parse(data)));
    };
    socket.onclose = ({ code, reason }) => {
      state.closed = { code, reason };
    };
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('The WebSocket did not open.'));
    });
    socket.send(JSON.stringify({ type: 'hello', sdp, viewport, ...(resume === undefined ? {} : { resume }) }));
  },
  breakOff() {
    socket.close(4000);
    peer.close();
  },
  isReady: () => state.connected && channels.control?.readyState === 'open' && channels.motion?.readyState === 'open',
  control: (message) => channels.control.send(JSON.stringify(message)),
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
