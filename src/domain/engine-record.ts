/** Which build of the browser: the lean headless shell, or Chromium or Chrome in full. */
export const ENGINES = ['headless-shell', 'chromium'] as const;
export type Engine = (typeof ENGINES)[number];

/** What a session knows of the build of its browser. A page can tell the headless shell from full Chromium. */
export interface EngineRecord {
  /**
   * `usual`: the one that the configuration gives. `trial`: full Chromium for one launch, since the headless shell fails.
   * `pinned`: full Chromium, since that worked where the headless shell did not.
   */
  readonly choice: 'usual' | 'trial' | 'pinned';
  /** What the last launch ran; null before the first. */
  readonly used: Engine | null;
  /** The headless shell was chosen by itself, and full Chromium is there as well. */
  readonly hasOther: boolean;
  /** Launches of the headless shell in a row that came neither to a QR code nor to ready. */
  readonly failures: number;
  /** The trial failed, too: it was not the build. Until the session is connected there is no other. */
  readonly tried: boolean;
}

export const USUAL_ENGINE: EngineRecord = {
  choice: 'usual',
  used: null,
  hasOther: false,
  failures: 0,
  tried: false,
};
