import { type Browser, chromium } from 'playwright-core';

/**
 * Debian's Chromium without a screen. It names its real addresses, because nothing resolves `.local` here.
 *
 * @param options.isSignalled false for callers that tidy up themselves when they are interrupted: without it the browser's
 *   library ends the process at Ctrl-C
 */
export async function launchBrowser(options: { readonly isSignalled?: boolean } = {}): Promise<Browser> {
  const { isSignalled = true } = options;
  return await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
    handleSIGINT: isSignalled,
    handleSIGTERM: isSignalled,
    handleSIGHUP: isSignalled,
  });
}
