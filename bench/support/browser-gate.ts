import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A browser that fails to start for as long as it is told to. */
export interface BrowserGate {
  /** To be used as a browser. */
  readonly path: string;
  shut(): void;
  open(): void;
}

/** Writes a script in front of `browserPath` into `folder`. */
export function createBrowserGate(folder: string, browserPath: string): BrowserGate {
  const path = join(folder, 'browser');
  const flag = join(folder, 'browser-fails');
  // exec, so that the process id its caller has is the browser's own.
  const script = `#!/bin/sh
if [ -e '${flag}' ]; then echo 'error while loading shared libraries: libnss3.so' >&2; exit 127; fi
exec '${browserPath}' "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
  return {
    path,
    shut: () => writeFileSync(flag, ''),
    open: () => {
      if (existsSync(flag)) rmSync(flag);
    },
  };
}
