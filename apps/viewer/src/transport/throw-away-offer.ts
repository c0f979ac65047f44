/**
 * An offer that is made and thrown away: its codecs are those that this browser really decodes over WebRTC, which
 * `RTCRtpReceiver.getCapabilities` does not tell (Debian's Firefox lists H.264 there and does not offer it).
 */
export async function throwAwayOffer(): Promise<string> {
  const connection = new RTCPeerConnection();
  try {
    connection.addTransceiver('video', { direction: 'recvonly' });
    connection.addTransceiver('audio', { direction: 'recvonly' });
    connection.createDataChannel('control');
    const offer = await connection.createOffer();
    return offer.sdp ?? '';
  } finally {
    connection.close();
  }
}
