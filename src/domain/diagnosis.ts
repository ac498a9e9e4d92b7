import type { Engine } from './engine-record.js';

/** Good, worth knowing, or in the way of the service. */
export type Grade = 'ok' | 'warning' | 'problem';

/** One thing that was looked at; `advice` says what to do when it is not ok. */
export interface Finding {
  check: string;
  grade: Grade;
  message: string;
  advice: string | null;
}

/** How the browser was found and what became of a trial start of it. */
export type BrowserReading =
  | { kind: 'missing'; detail: string | null }
  /** It is there and does not start; `output` is what it wrote, or why it could not be run. */
  | { kind: 'broken'; path: string; version: string | null; output: string }
  | {
      kind: 'runs';
      path: string;
      version: string;
      engine: Engine;
      sandbox: boolean;
      /** Whom it runs as; null for the one who looked. */
      user: string | null;
      /** Why the sandbox is off; null when it is on. */
      why: string | null;
      tookMs: number;
    };

/** A folder that the service writes into. */
export interface FolderReading {
  path: string;
  exists: boolean;
  /** Why nothing can be written, null when it can. A folder that is not there yet is judged by the one it would be made in. */
  trouble: string | null;
  freeBytes: number;
  /** Who holds its lock: nobody, somebody who lives, or somebody of whom only a heartbeat could tell. */
  lock: { held: 'no' | 'yes' | 'unsure'; owner: string | null };
}

/** Who listens where the service would. */
export type PortReading =
  | { kind: 'free' }
  | { kind: 'wakeful'; version: string }
  | { kind: 'other' }
  | { kind: 'refused'; code: string };

const MB = 1024 * 1024;
/** A browser that is at work takes about this much. */
const BROWSER_MEMORY_MB = 200;
/** With some room: a headless shell has about 60, Chromium in full about 100. Linux counts threads as processes. */
const THREADS_PER_BROWSER = 150;
const SERVICE_FILES = 1_000;
const FILES_PER_SESSION = 20;

const mb = (bytes: number) => `${Math.round(bytes / MB)} MB`;

function finding(check: string, grade: Grade, message: string, advice: string | null = null): Finding {
  return { check, grade, message, advice };
}

/** `needed` is the `engines` entry of the package: `>=20.19`. */
export function judgeNode(version: string, needed: string): Finding {
  const numbers = (text: string) => text.replace(/^\D+/, '').split('.').map(Number);
  const [[major = 0, minor = 0], [neededMajor = 0, neededMinor = 0]] = [numbers(version), numbers(needed)];
  const isEnough = major > neededMajor || (major === neededMajor && minor >= neededMinor);
  if (isEnough) return finding('Node', 'ok', version);
  return finding('Node', 'problem', `${version} is too old.`, `Install Node ${needed.replace('>=', '')} or newer.`);
}

/** `error` is null when the configuration is valid. */
export function judgeConfiguration(error: string | null): Finding {
  if (error === null) return finding('configuration', 'ok', 'valid');
  const advice = 'Mend it; docs/configuration.md has every setting. What follows was looked at with the defaults.';
  return finding('configuration', 'problem', error, advice);
}

export function judgeBrowser(reading: BrowserReading): Finding {
  const check = 'browser';
  switch (reading.kind) {
    case 'missing': {
      const advice = 'Run "npx wakeful browser", or install Chromium or Chrome and set CHROME_PATH to it.';
      return finding(
        check,
        'problem',
        reading.detail ?? 'There is no Chromium or Chrome where systems keep it.',
        advice,
      );
    }
    case 'broken':
      return finding(
        check,
        'problem',
        `${reading.path} does not start: ${firstLine(reading.output)}`,
        cureOf(reading.output),
      );
    case 'runs': {
      const { path, version, sandbox, user, why, tookMs } = reading;
      const as = user === null ? '' : ` as user ${user},`;
      const words = `${version} (${path}) starts in ${Math.round(tookMs / 100) / 10} s,${as} ${sandbox ? 'with' : 'without'} its sandbox`;
      if (sandbox) return finding(check, 'ok', words);
      return finding(check, 'warning', `${words}: ${firstLine(why ?? '')}`, cureOfSandbox(why ?? ''));
    }
    default:
      return reading satisfies never;
  }
}

/**
 * What one more number takes in memory on each build with the lean flags and with puppeteer's own, as shares of what it takes
 * with the flags that programs copy from each other. From `npm run bench:density`.
 */
const MEMORY_SHARE = { chromium: { lean: 0.51, full: 0.84 }, 'headless-shell': { lean: 0.39, full: null } } as const;

/** The build and flags in use, and what better ones would save. */
export function judgeEngine(engine: Engine, profile: 'lean' | 'full' | 'compat'): Finding {
  const inUse = `${ENGINE_WORDS[engine]} with the flags of browser.profile ${profile}`;
  const best = MEMORY_SHARE['headless-shell'].lean;
  const share = profile === 'compat' ? null : MEMORY_SHARE[engine][profile];
  const figure = share === null ? '' : `: one more number takes about ${share} × the memory of commonly copied flags`;
  const saving = share === null || share === best ? '' : ` (${Math.round((1 - best / share) * 100)} % less memory)`;
  const missing = [
    ...(engine === 'headless-shell' ? [] : ['the headless shell']),
    ...(profile === 'lean' ? [] : ['browser.profile lean']),
  ];
  const better = missing.length === 0 ? '' : `; ${missing.join(' and ')} would take less${saving}`;
  return finding('engine', 'ok', `${inUse}${figure}${better}`);
}

const ENGINE_WORDS: Readonly<Record<Engine, string>> = {
  chromium: 'full Chromium',
  'headless-shell': 'the headless shell',
};

function firstLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => /error|sandbox|snap|denied|cannot/i.test(line)) ??
    lines.find((line) => line !== '') ??
    'it says nothing.'
  );
}

function cureOf(output: string): string {
  const library = /error while loading shared libraries: ([^\s:]+)/.exec(output)?.[1];
  if (library !== undefined) {
    return `The library ${library} is missing: install it. With "apt-get install chromium" Debian brings all that a browser needs.`;
  }
  if (/sandbox/i.test(output)) return cureOfSandbox(output);
  if (/snap/i.test(output))
    return 'This is only a stub for snap. Install Chrome or a Chromium package, and set CHROME_PATH to it.';
  return 'Start it by hand with --headless --version and look at what it says; or set CHROME_PATH to another.';
}

function cureOfSandbox(why: string): string {
  if (/says so|is off/.test(why))
    return 'Let browser.sandbox and browser.user be "auto", and leave --no-sandbox out of browser.extraArgs.';
  return (
    'It may not use its sandbox here. Allow user namespaces (Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0), ' +
    'see that the profiles can be reached by the user of the browsers (docs/browser.md), or set browser.sandbox to "off".'
  );
}

/** Null where there is no /dev/shm. Puppeteer tells Chromium to use /tmp, so that even 64 MB as in a container do. */
export function judgeSharedMemory(bytes: number | null): Finding {
  const words = bytes === null ? 'there is none' : mb(bytes);
  return finding('/dev/shm', 'ok', `${words}; browsers are told to use /tmp instead`);
}

/** Limits of this user and its cgroup; Infinity for none. `sessions` are those with a profile. */
export function judgeLimits(limits: { openFiles: number; processes: number }, sessions: number): Finding[] {
  const count = Math.max(1, sessions);
  const shown = (limit: number) => (limit === Number.POSITIVE_INFINITY ? 'no limit' : String(limit));
  const judge = (check: string, limit: number, needed: number, how: string) => {
    if (limit >= needed) return finding(check, 'ok', shown(limit));
    const sessionsWord = count === 1 ? 'one session' : `${count} sessions`;
    return finding(check, 'warning', `${shown(limit)}; ${sessionsWord} may need ${needed}`, how);
  };
  return [
    judge(
      'open files',
      limits.openFiles,
      SERVICE_FILES + count * FILES_PER_SESSION,
      'Raise it: "ulimit -n", LimitNOFILE= of systemd, --ulimit nofile= of docker.',
    ),
    judge(
      'processes',
      limits.processes,
      count * THREADS_PER_BROWSER,
      'Raise it: "ulimit -u", TasksMax= of systemd, --pids-limit of docker.',
    ),
  ];
}

/** Null where it cannot be told. */
export function judgeMemory(availableBytes: number | null, minFreeMemoryMb: number): Finding {
  if (availableBytes === null) return finding('memory', 'warning', 'cannot be told on this system');
  const words = `${mb(availableBytes)} free`;
  const advice = `Free some. A browser takes about ${BROWSER_MEMORY_MB} MB, and below ${minFreeMemoryMb} MB (fleet.minFreeMemoryMb) starts wait.`;
  if (availableBytes < minFreeMemoryMb * MB) return finding('memory', 'problem', words, advice);
  const isTight = availableBytes < (minFreeMemoryMb + BROWSER_MEMORY_MB) * MB;
  return isTight ? finding('memory', 'warning', words, advice) : finding('memory', 'ok', words);
}

/** Whether it can be written, and who holds its lock. `setting` chooses the folder. */
export function judgeFolder(check: string, { path, exists, trouble, lock }: FolderReading, setting: string): Finding {
  if (trouble !== null) {
    const advice = `Give it to the user that runs Wakeful, or set ${setting}.`;
    return finding(check, 'problem', `${path} cannot be written: ${trouble}`, advice);
  }
  if (!exists) return finding(check, 'ok', `${path} will be made`);
  if (lock.held === 'yes') return finding(check, 'ok', `${path} is in use by a running Wakeful (${lock.owner})`);
  if (lock.held === 'no') return finding(check, 'ok', `${path} can be written`);
  const advice = 'A start waits up to 20 s to see whether it lives. Never give one folder to two containers or hosts.';
  const words = `${path} was last held by ${lock.owner}, of whom nothing can be told from here`;
  return finding(check, 'warning', words, advice);
}

/** The space on the disk of a folder. */
export function judgeDisk(check: string, { freeBytes }: FolderReading, minFreeDiskMb: number): Finding {
  const words = `${mb(freeBytes)} free`;
  const advice = `Free some space: below ${minFreeDiskMb} MB (fleet.minFreeDiskMb) no browser is started, since it could lose its login.`;
  if (freeBytes < minFreeDiskMb * MB) return finding(check, 'problem', words, advice);
  return freeBytes < 2 * minFreeDiskMb * MB ? finding(check, 'warning', words, advice) : finding(check, 'ok', words);
}

/** `isRunning`: a Wakeful holds the data folder. */
export function judgePort(address: string, reading: PortReading, isRunning: boolean): Finding {
  const check = 'port';
  switch (reading.kind) {
    case 'free': {
      if (!isRunning) return finding(check, 'ok', `${address} is free`);
      const advice = 'It may be starting or ending, or use another port than this configuration says.';
      return finding(check, 'warning', `${address} is free, although a Wakeful runs on the data folder`, advice);
    }
    case 'wakeful':
      if (isRunning) return finding(check, 'ok', `Wakeful ${reading.version} answers at ${address}`);
      return finding(
        check,
        'problem',
        `Another Wakeful (${reading.version}), which works on other folders, answers at ${address}`,
        'Stop it, or set WAKEFUL_PORT to a free port.',
      );
    case 'other':
      return finding(
        check,
        'problem',
        `${address} is taken by another program`,
        'Stop that program, or set WAKEFUL_PORT to a free port.',
      );
    case 'refused':
      return finding(
        check,
        'problem',
        `${address} cannot be listened at (${reading.code})`,
        'Set WAKEFUL_HOST to an address of this machine and WAKEFUL_PORT to one above 1023.',
      );
    default:
      return reading satisfies never;
  }
}

/** `trouble` is null when WhatsApp answered. */
export function judgeReach(trouble: string | null): Finding {
  if (trouble === null) return finding('WhatsApp', 'ok', 'web.whatsapp.com answers');
  const advice =
    'Allow web.whatsapp.com and *.whatsapp.net on port 443. Sessions with a proxy of their own do not need it.';
  return finding('WhatsApp', 'warning', `web.whatsapp.com is not reachable from here (${trouble})`, advice);
}

/** Pids of browsers on our profiles that nobody looks after. Those of a running Wakeful are its own business. */
export function judgeLeftovers(pids: readonly number[], isRunning: boolean): Finding {
  if (pids.length === 0 || isRunning) return finding('left-over browsers', 'ok', 'none');
  const words = `processes ${pids.join(', ')} run on profiles, and nobody looks after them`;
  return finding('left-over browsers', 'warning', words, 'The next start ends them by itself.');
}
