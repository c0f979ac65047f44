import koffi, { type LibraryHandle } from 'koffi';

/** An address in this process. `koffi` hands out pointers as numbers, so arithmetic on them is plain addition. */
export type Pointer = bigint;

/** A shared library that the display needs is not on this machine. */
class MissingLibraryError extends Error {
  override readonly name = 'MissingLibraryError';
  readonly code = 'missing-library';
}

/**
 * Opens a shared library by its soname.
 * @param debianPackage the package that holds it, named in the error
 * @throws MissingLibraryError with the loader's words as cause
 */
export function openSharedLibrary(soname: string, debianPackage: string): LibraryHandle {
  try {
    return koffi.load(soname);
  } catch (cause) {
    throw new MissingLibraryError(
      `The library ${soname} could not be loaded. Install the Debian package ${debianPackage} in the image that runs the display.`,
      { cause },
    );
  }
}
