/**
 * What we use of the package's types, with Node's own classes. Its own declarations bring the DOM's types into every file of
 * the program, where `window` would then be a word.
 */
export declare const Response: typeof globalThis.Response;
export declare const createFetch: () => {
  readonly [
    Name in
      | 'fetch'
      | 'Request'
      | 'Response'
      | 'Headers'
      | 'FormData'
      | 'ReadableStream'
      | 'WritableStream'
      | 'TransformStream'
      | 'CompressionStream'
      | 'DecompressionStream'
      | 'TextDecoderStream'
      | 'TextEncoderStream'
      | 'Blob'
      | 'File'
      | 'crypto'
      | 'btoa'
      | 'TextEncoder'
      | 'TextDecoder'
      | 'URL'
      | 'URLSearchParams'
  ]: (typeof globalThis)[Name];
};
