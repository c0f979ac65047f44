import type { Page } from 'playwright-core';

/** What a page's video shows, sampled. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** How many different colours its samples have: a lit desktop has many. */
  readonly colours: number;
  /** Changes when the samples do. */
  readonly fingerprint: number;
}

/** Decoded by the browser, read back from a canvas. */
export async function pictureOf(page: Page): Promise<Picture> {
  // As text, because these files are compiled for Node, which has no document.
  return await page.evaluate(`(() => {
    const video = document.querySelector('video');
    if (video === null || video.videoWidth === 0) return { width: 0, height: 0, colours: 0, fingerprint: 0 };
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let fingerprint = 0;
    for (let at = 0; at < data.length; at += 4 * 97) {
      const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
      colours.add(colour);
      fingerprint = (Math.imul(fingerprint, 31) + (colour & 0xf0f0f0)) | 0;
    }
    return { width: canvas.width, height: canvas.height, colours: colours.size, fingerprint };
  })()`);
}
