/** One way to start the browsers of a service. */
export interface Configuration {
  readonly name: string;
  readonly words: string;
  readonly engine: 'chromium' | 'headless-shell';
  readonly profile: 'lean' | 'full';
  readonly sandbox: 'auto' | 'off';
  readonly extraArgs: readonly string[];
}

/**
 * What programs around whatsapp-web.js copy from each other. Most lists also have `--single-process`, which Chromium does
 * not support and which takes the page down with the browser: it is left out, since nobody should be compared with that.
 */
export const COPIED_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--disable-dev-shm-usage',
  '--disable-accelerated-2d-canvas',
  '--no-first-run',
  '--no-zygote',
  '--disable-gpu',
];

/** Against which the others are held. */
export const COPIED: Configuration = {
  name: 'copied',
  words: 'copied flags, full Chromium',
  engine: 'chromium',
  profile: 'full',
  sandbox: 'off',
  extraArgs: COPIED_FLAGS,
};

/** The flags of `browser.profile: lean`, each as the table in docs/browser.md has it. */
export const LEAN_FLAGS: Readonly<Record<Configuration['engine'], readonly string[]>> = {
  'headless-shell': [
    '--disable-gpu',
    '--disable-software-rasterizer',
    '--in-process-gpu',
    '--enable-features=NetworkServiceInProcess2',
    '--no-unsandboxed-zygote',
    '--disable-component-update',
    '--js-flags=--max-semi-space-size=2',
  ],
  chromium: [
    '--disable-gpu',
    '--disable-software-rasterizer',
    '--in-process-gpu',
    '--enable-features=NetworkServiceInProcess2',
    '--no-unsandboxed-zygote',
    '--disable-component-update',
    '--js-flags=--max-semi-space-size=2',
    '--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup',
    '--disable-features=SpareRendererForSitePerProcess',
    '--no-default-browser-check',
  ],
};

/** What each lean flag does by itself: all of them, then all but one. */
export function leavingOneOut(engine: Configuration['engine']): Configuration[] {
  const flags = LEAN_FLAGS[engine];
  const made = (name: string, words: string, extraArgs: readonly string[]): Configuration => {
    return { name, words, engine, profile: 'full', sandbox: 'auto', extraArgs };
  };
  const without = (left: string) =>
    made(
      left,
      `without ${left.slice(0, 26)}`,
      flags.filter((flag) => flag !== left),
    );
  return [made('lean', `lean, ${engine}`, flags), ...flags.map(without)];
}

export const CONFIGURATIONS: readonly Configuration[] = [
  COPIED,
  {
    name: 'defaults',
    words: "puppeteer's defaults, full Chromium",
    engine: 'chromium',
    profile: 'full',
    sandbox: 'auto',
    extraArgs: [],
  },
  {
    name: 'lean-chromium',
    words: 'lean, full Chromium',
    engine: 'chromium',
    profile: 'lean',
    sandbox: 'auto',
    extraArgs: [],
  },
  {
    name: 'lean-shell',
    words: 'lean, headless shell',
    engine: 'headless-shell',
    profile: 'lean',
    sandbox: 'auto',
    extraArgs: [],
  },
];
