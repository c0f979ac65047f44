/** What a recipe's images are called in the engine. Of no registry: only this machine makes and has them. */
export function imageRepository(name: string): string {
  return `localhost/vdi/${name}`;
}

/** The tag that always is the newest build's. */
export function latestImage(name: string): string {
  return `${imageRepository(name)}:latest`;
}

/** The tag that names exactly this content. */
export function exactImage(name: string, fingerprint: string): string {
  return `${imageRepository(name)}:${fingerprint.slice(0, 12)}`;
}

/**
 * What an image of a version is called on other machines, where the chart looks for it. Of no registry either, so that nobody else's
 * image can come in its place.
 */
export function versionedImage(name: string, version: string): string {
  return `localhost/vdi-operator/${name}:${version}`;
}
