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
