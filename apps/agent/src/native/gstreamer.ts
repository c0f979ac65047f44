import koffi, { type KoffiFunc } from 'koffi';
import { openSharedLibrary, type Pointer } from './shared-library.ts';

/** GStreamer refused a pipeline, or one broke while running. The message is GStreamer's own, made readable. */
class GStreamerError extends Error {
  override readonly name = 'GStreamerError';
  readonly code = 'gstreamer';
}

/** The few calls of GStreamer that encoding needs, each with the ownership rules of C kept inside. */
export interface GStreamer {
  readonly version: string;
  /** Whether an element factory of this name is installed. */
  has(element: string): boolean;
  /** Builds a pipeline from its text. @throws GStreamerError for unknown elements, properties or impossible links */
  launch(description: string): Pointer;
  /** An element inside `pipeline`; give it back with `release`. */
  element(pipeline: Pointer, name: string): Pointer;
  /** Starts the pipeline, on a worker thread since plug-ins open devices here. @throws GStreamerError */
  play(pipeline: Pointer): Promise<void>;
  /** Stops the pipeline and waits for its threads, on a worker thread. */
  stop(pipeline: Pointer): Promise<void>;
  /** Hands `bytes` at `address` to an appsrc without copying: the memory must stay as it is until the encoder has answered. */
  push(source: Pointer, address: Pointer, bytes: number): void;
  /** The next sample of an appsink, copied; `undefined` after the timeout. Waits on a worker thread. */
  pull(sink: Pointer, timeoutMs: number): Promise<Buffer | undefined>;
  setProperty(element: Pointer, name: string, value: string): void;
  /** Asks an encoder to make its next frame a keyframe with all headers. */
  forceKeyframe(encoder: Pointer): void;
  /** The oldest error that the pipeline has posted and nobody has taken yet. */
  takeError(pipeline: Pointer): string | undefined;
  release(object: Pointer): void;
}

// gst/gstelement.h, gst/gstmessage.h, gst/gstmemory.h, gst/app/gstappsrc.h
const stateNull = 1;
const statePlaying = 4;
const stateChangeFailure = 0;
const messageError = 2;
const memoryReadOnly = 2;
const flowOk = 0;
const noClockTime = 0xffff_ffff_ffff_ffffn;
const nanosecondsPerMillisecond = 1_000_000n;

type Out<Value> = [Value | null];

let loading: Promise<GStreamer> | undefined;

/**
 * Loads and initialises GStreamer, once per process. Initialising reads the plug-in registry (and writes it on the very first run,
 * which takes seconds), so it happens on a worker thread.
 * @throws MissingLibraryError without the libraries, GStreamerError when it does not start
 */
export function loadGStreamer(): Promise<GStreamer> {
  loading ??= load();
  return loading;
}

async function load(): Promise<GStreamer> {
  const calls = bindCalls();
  const started = await onWorker<boolean>((done) => calls.init.async(null, null, null, done));
  if (!started) throw new GStreamerError('GStreamer did not start: gst_init_check failed.');
  return {
    version: calls.version(),
    has: (element) => has(calls, element),
    launch: (description) => launch(calls, description),
    element: (pipeline, name) => notNull(calls.byName(pipeline, name), `The pipeline has no element ${name}.`),
    play: async (pipeline) => {
      const result = await onWorker<number>((done) => calls.setState.async(pipeline, statePlaying, done));
      if (result === stateChangeFailure)
        throw new GStreamerError(takeError(calls, pipeline) ?? 'The pipeline did not start and gave no reason.');
    },
    stop: async (pipeline) => {
      await onWorker<number>((done) => calls.setState.async(pipeline, stateNull, done));
    },
    push: (source, address, bytes) => push(calls, source, address, bytes),
    pull: (sink, timeoutMs) => pull(calls, sink, timeoutMs),
    setProperty: (element, name, value) => calls.setArgument(element, name, value),
    forceKeyframe: (encoder) => void calls.sendEvent(encoder, calls.newForceKeyUnit(noClockTime, true, 0)),
    takeError: (pipeline) => takeError(calls, pipeline),
    release: (object) => calls.unrefObject(object),
  };
}

type Calls = ReturnType<typeof bindCalls>;

function bindCalls() {
  const core = openSharedLibrary('libgstreamer-1.0.so.0', 'libgstreamer1.0-0');
  const app = openSharedLibrary('libgstapp-1.0.so.0', 'libgstreamer-plugins-base1.0-0');
  const video = openSharedLibrary('libgstvideo-1.0.so.0', 'libgstreamer-plugins-base1.0-0');
  const glib = openSharedLibrary('libglib-2.0.so.0', 'libglib2.0-0');
  const gError = koffi.struct({ domain: 'uint32', code: 'int', message: 'const char *' });
  return {
    gError,
    init: core.func('bool gst_init_check(void *argc, void *argv, void *error)') as KoffiFunc<
      (argc: null, argv: null, error: null) => boolean
    >,
    version: core.func('const char *gst_version_string()') as KoffiFunc<() => string>,
    findFactory: core.func('void *gst_element_factory_find(const char *name)') as KoffiFunc<
      (name: string) => Pointer | null
    >,
    parseLaunch: core.func('void *gst_parse_launch(const char *text, _Out_ void **error)') as KoffiFunc<
      (text: string, error: Out<Pointer>) => Pointer | null
    >,
    byName: core.func('void *gst_bin_get_by_name(void *bin, const char *name)') as KoffiFunc<
      (bin: Pointer, name: string) => Pointer | null
    >,
    setState: core.func('int gst_element_set_state(void *element, int state)') as KoffiFunc<
      (element: Pointer, state: number) => number
    >,
    getBus: core.func('void *gst_element_get_bus(void *element)') as KoffiFunc<(element: Pointer) => Pointer>,
    popMessage: core.func('void *gst_bus_pop_filtered(void *bus, int types)') as KoffiFunc<
      (bus: Pointer, types: number) => Pointer | null
    >,
    parseError: core.func(
      'void gst_message_parse_error(void *message, _Out_ void **error, _Out_ void **debug)',
    ) as KoffiFunc<(message: Pointer, error: Out<Pointer>, debug: Out<Pointer>) => void>,
    sendEvent: core.func('bool gst_element_send_event(void *element, void *event)') as KoffiFunc<
      (element: Pointer, event: Pointer) => boolean
    >,
    wrapMemory: core.func(
      'void *gst_buffer_new_wrapped_full(int flags, uintptr_t data, size_t maximum, size_t offset, size_t size, void *user, void *notify)',
    ) as KoffiFunc<
      (flags: number, data: Pointer, maximum: number, offset: number, size: number, ...none: null[]) => Pointer
    >,
    sampleBuffer: core.func('void *gst_sample_get_buffer(void *sample)') as KoffiFunc<(sample: Pointer) => Pointer>,
    bufferSize: core.func('size_t gst_buffer_get_size(void *buffer)') as KoffiFunc<(buffer: Pointer) => number>,
    extract: core.func(
      'size_t gst_buffer_extract(void *buffer, size_t offset, _Out_ uint8_t *into, size_t size)',
    ) as KoffiFunc<(buffer: Pointer, offset: number, into: Buffer, size: number) => number>,
    unrefObject: core.func('void gst_object_unref(void *object)') as KoffiFunc<(object: Pointer) => void>,
    unrefMini: core.func('void gst_mini_object_unref(void *object)') as KoffiFunc<(object: Pointer) => void>,
    setArgument: core.func(
      'void gst_util_set_object_arg(void *object, const char *name, const char *value)',
    ) as KoffiFunc<(object: Pointer, name: string, value: string) => void>,
    pushBuffer: app.func('int gst_app_src_push_buffer(void *source, void *buffer)') as KoffiFunc<
      (source: Pointer, buffer: Pointer) => number
    >,
    pullSample: app.func('void *gst_app_sink_try_pull_sample(void *sink, uint64 timeout)') as KoffiFunc<
      (sink: Pointer, timeout: bigint) => Pointer | null
    >,
    newForceKeyUnit: video.func(
      'void *gst_video_event_new_upstream_force_key_unit(uint64 time, bool all_headers, uint count)',
    ) as KoffiFunc<(time: bigint, allHeaders: boolean, count: number) => Pointer>,
    freeError: glib.func('void g_error_free(void *error)') as KoffiFunc<(error: Pointer) => void>,
    free: glib.func('void g_free(void *memory)') as KoffiFunc<(memory: Pointer | null) => void>,
  };
}

function has(calls: Calls, element: string): boolean {
  const factory = calls.findFactory(element);
  if (factory === null) return false;
  calls.unrefObject(factory);
  return true;
}

function launch(calls: Calls, description: string): Pointer {
  const error: Out<Pointer> = [null];
  const pipeline = calls.parseLaunch(description, error);
  if (error[0] === null && pipeline !== null) return pipeline;
  // gst_parse_launch may both complain and return something half-built.
  if (pipeline !== null) calls.unrefObject(pipeline);
  throw new GStreamerError(error[0] === null ? 'The pipeline could not be built.' : takeMessage(calls, error[0]));
}

function takeMessage(calls: Calls, error: Pointer): string {
  const { message } = koffi.decode(error, calls.gError) as { message: string };
  calls.freeError(error);
  return message;
}

function takeError(calls: Calls, pipeline: Pointer): string | undefined {
  const bus = calls.getBus(pipeline);
  const message = calls.popMessage(bus, messageError);
  calls.unrefObject(bus);
  if (message === null) return undefined;
  const error: Out<Pointer> = [null];
  const debug: Out<Pointer> = [null];
  calls.parseError(message, error, debug);
  const text = error[0] === null ? 'unknown error' : takeMessage(calls, error[0]);
  const detail = debug[0] === null ? '' : ` (${koffi.decode.string(debug[0]).split('\n').pop()})`;
  calls.free(debug[0]);
  calls.unrefMini(message);
  return `${text}${detail}`;
}

function push(calls: Calls, source: Pointer, address: Pointer, bytes: number): void {
  const buffer = calls.wrapMemory(memoryReadOnly, address, bytes, 0, bytes, null, null);
  const flow = calls.pushBuffer(source, buffer); // takes the buffer, also when it fails
  if (flow !== flowOk) throw new GStreamerError(`The pipeline takes no more frames (flow ${flow}).`);
}

async function pull(calls: Calls, sink: Pointer, timeoutMs: number): Promise<Buffer | undefined> {
  const timeout = BigInt(timeoutMs) * nanosecondsPerMillisecond;
  const sample = await onWorker<Pointer | null>((done) => calls.pullSample.async(sink, timeout, done));
  if (sample === null) return undefined;
  const buffer = calls.sampleBuffer(sample);
  const bytes = calls.bufferSize(buffer);
  const data = Buffer.allocUnsafe(bytes);
  calls.extract(buffer, 0, data, bytes);
  calls.unrefMini(sample);
  return data;
}

function notNull(pointer: Pointer | null, message: string): Pointer {
  if (pointer === null) throw new GStreamerError(message);
  return pointer;
}

function onWorker<Result>(call: (done: (error: Error | null, result: Result) => void) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}
