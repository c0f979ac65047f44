import { apiVersion, type VDITemplate, type VDITemplateSpec } from '@vdi/api';
import { latestImage } from '../images/image-names.ts';

/** What a new installation offers: examples to use, change or delete. */
export function starterTemplates(): readonly VDITemplate[] {
  const image = latestImage('desktop');
  return [
    template('ubuntu-desktop', {
      image,
      displayName: 'Desktop',
      description: 'A complete XFCE desktop with Firefox, a terminal, files and an editor',
      icon: 'desktop.svg',
      tags: ['desktop', 'linux'],
      resources: { defaultGPU: 0, defaultMemory: '2Gi', defaultCPU: 2, maxGPU: 1, maxMemory: '16Gi', maxCPU: 8 },
      applications: [
        { name: 'Firefox', icon: 'firefox.svg', command: ['firefox-esr'] },
        { name: 'Terminal', icon: 'terminal.svg', command: ['xfce4-terminal'] },
        { name: 'Files', icon: 'files.svg', command: ['thunar'] },
        { name: 'Editor', icon: 'editor.svg', command: ['mousepad'] },
      ],
      persistence: { enabled: true, size: '10Gi' },
      lifecycle: { idleTimeout: '2h', idleAction: 'suspend' },
    }),
    template('firefox', {
      image,
      displayName: 'Firefox',
      description: 'A browser on the whole screen, fresh at every start',
      icon: 'firefox.svg',
      tags: ['browser'],
      command: alone(`${maximizedFirefox} firefox-esr --no-remote --profile "$profile" about:home`),
      resources: { defaultGPU: 0, defaultMemory: '2Gi', defaultCPU: 2, maxMemory: '4Gi', maxCPU: 4 },
      persistence: { enabled: false },
      lifecycle: { timeout: '12h', idleTimeout: '1h', idleAction: 'terminate' },
    }),
    template('terminal', {
      image,
      displayName: 'Terminal',
      description: 'A terminal on the whole screen, with your home',
      icon: 'terminal.svg',
      tags: ['terminal', 'development'],
      command: alone('exec xfce4-terminal --disable-server --fullscreen --hide-menubar'),
      resources: { defaultGPU: 0, defaultMemory: '1Gi', defaultCPU: 1, maxMemory: '8Gi', maxCPU: 4 },
      persistence: { enabled: true, size: '10Gi' },
      lifecycle: { idleTimeout: '2h', idleAction: 'suspend' },
    }),
  ];
}

/**
 * Firefox takes the size of its first window from its profile alone. It is no kiosk: a browser without an address bar leads
 * nowhere.
 */
const maximizedFirefox = [
  'profile="$HOME/.firefox";',
  'mkdir -p "$profile";',
  `[ -e "$profile/xulstore.json" ] || echo '{"chrome://browser/content/browser.xhtml":{"main-window":{"sizemode":"maximized"}}}' > "$profile/xulstore.json";`,
  'exec',
].join(' ');

/** One program instead of a desktop, with what makes its windows fill the screen and its settings work. */
function alone(program: string): readonly string[] {
  const script = `xfwm4 --compositor=off & ${program}`;
  return ['/usr/bin/tini', '-g', '--', 'dbus-run-session', '--', '/bin/sh', '-c', script];
}

function template(name: string, spec: VDITemplateSpec): VDITemplate {
  return { apiVersion, kind: 'VDITemplate', metadata: { name }, spec };
}
