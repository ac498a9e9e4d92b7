import type { Engine } from '../../domain/engine-record.js';

/** A set of launch flags: `full` is what puppeteer gives by itself. */
export type LaunchProfile = 'lean' | 'full' | 'compat';

export interface LaunchFlag {
  flag: string;
  /** One sentence for the documentation: what it is good for. */
  reason: string;
  profiles: readonly LaunchProfile[];
  /** What one more session takes less by it, from `npm run bench:density -- --leave-out`. */
  measured?: string;
  /** Left out: every engine. */
  engines?: readonly Engine[];
}

/**
 * Every flag that Wakeful adds, with its reason. What puppeteer sets anyway is not here: first-run dialogs, background
 * networking, sync, timer throttling of hidden pages, /dev/shm, sound. Flags for features may be several: puppeteer
 * joins them with its own into one, since Chromium takes only the last of a name.
 */
export const LAUNCH_FLAGS: readonly LaunchFlag[] = [
  {
    flag: '--disable-gpu',
    reason: 'WhatsApp Web needs no graphics card, and a server has none.',
    measured: 'nothing',
    profiles: ['lean'],
  },
  {
    flag: '--disable-software-rasterizer',
    reason:
      'Without it a missing graphics card is emulated in software (SwiftShader) for WebGL, which nobody uses here.',
    measured: '8 MiB; 8 MiB',
    profiles: ['lean'],
  },
  {
    flag: '--in-process-gpu',
    reason: 'What is left of the graphics process runs as a thread of the browser: one process less per session.',
    measured: '10 MiB and 2 processes; 17 MiB and 2 processes',
    profiles: ['lean'],
  },
  {
    flag: '--enable-features=NetworkServiceInProcess2',
    reason: 'The network service runs as a thread of the browser: one process less per session.',
    measured: '9 MiB and a process; 16 MiB and a process',
    profiles: ['lean'],
  },
  {
    flag: '--no-unsandboxed-zygote',
    reason: 'No second zygote stands by for helpers without a sandbox: one process less per session.',
    measured: '7 MiB and a process; 14 MiB and a process',
    profiles: ['lean'],
  },
  {
    flag: '--disable-component-update',
    reason: 'No downloads of browser components for a browser that shows one page, and none of them in the profile.',
    measured: 'nothing in memory',
    profiles: ['lean'],
  },
  {
    flag: '--js-flags=--max-semi-space-size=2',
    reason: 'A young JavaScript generation of 2 MB: collected more often, takes less memory.',
    measured: '2 MiB; 4 MiB',
    profiles: ['lean'],
  },
  {
    flag: '--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup',
    reason: 'The address bar of full Chromium would keep a page of its own for suggestions nobody sees.',
    measured: '40 MiB, a process, and 1.0 s of processor time to start',
    profiles: ['lean'],
    engines: ['chromium'],
  },
  {
    flag: '--disable-features=SpareRendererForSitePerProcess',
    reason: 'No spare renderer process waits for a second page that never comes.',
    measured: '8 MiB and a process',
    profiles: ['lean'],
    engines: ['chromium'],
  },
  {
    flag: '--no-default-browser-check',
    reason: 'Full Chromium does not ask whether it should be the default browser.',
    measured: 'nothing',
    profiles: ['lean', 'compat'],
    engines: ['chromium'],
  },
  {
    flag: '--disable-web-security',
    reason: 'Only for setups that relied on it: removes the same-origin policy, so that any page may read any other.',
    profiles: ['compat'],
  },
  {
    flag: '--disable-features=VizDisplayCompositor',
    reason: 'Only for setups that relied on it: the older way of drawing, without effect in current Chromium.',
    profiles: ['compat'],
  },
];

/** The flags of a set for an engine, in the order of the table. */
export function launchFlags(profile: LaunchProfile, engine: Engine): string[] {
  return LAUNCH_FLAGS.filter(
    ({ profiles, engines }) => profiles.includes(profile) && (engines === undefined || engines.includes(engine)),
  ).map(({ flag }) => flag);
}
