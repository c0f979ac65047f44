import { loadGStreamer } from '../../apps/agent/src/native/gstreamer.ts';

const frameWithinMs = 250;

/** Captures and encodes a screen sixty times a second, whether or not anything changed, as GStreamer's own source does. */
export async function openPolledCapture(display: string, onFrame: (bytes: number) => void): Promise<AsyncDisposable> {
  const gstreamer = await loadGStreamer();
  const pipeline = gstreamer.launch(
    `ximagesrc display-name=${display} use-damage=false show-pointer=false ! video/x-raw,framerate=60/1 ! videoconvert ! video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=ultrafast sliced-threads=true threads=2 byte-stream=true key-int-max=2147483647 pass=quant quantizer=20 ! appsink name=sink sync=false max-buffers=1 drop=true`,
  );
  const sink = gstreamer.element(pipeline, 'sink');
  await gstreamer.play(pipeline);
  const ending = new AbortController();
  const pulling = (async () => {
    while (!ending.signal.aborted) {
      const frame = await gstreamer.pull(sink, frameWithinMs);
      if (frame) onFrame(frame.length);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await pulling;
      await gstreamer.stop(pipeline);
      for (const object of [sink, pipeline]) gstreamer.release(object);
    },
  };
}
