/**
 * Shows `stream` in `video` and tells when its first frame is there. One frame callback only: a standing one, like an
 * animation frame loop, would cost every frame some latency.
 */
export function playStream(video: HTMLVideoElement, stream: MediaStream, firstFrame: () => void): void {
  let isTold = false;
  const tell = (): void => {
    if (isTold || video.srcObject !== stream) return;
    isTold = true;
    firstFrame();
  };
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.srcObject = stream;
  // A hidden page presents nothing and calls no frame callback; `loadeddata` comes there as well.
  video.addEventListener('loadeddata', tell, { once: true });
  if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(tell);
  video.play().catch(() => {
    // Refused until the person does something (muted playback hardly ever is), or replaced by a newer stream.
    addEventListener('pointerdown', () => void video.play().catch(() => undefined), { once: true, capture: true });
  });
}
