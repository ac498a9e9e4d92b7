import { commandLine, descendants, isStopped, processStat } from './process-tree.js';

const IS_RENDERER = /(^| )--type=renderer( |$)/;

/**
 * Which part of a browser was stopped by a signal or a debugger: the browser itself, or a renderer, which draws its page.
 * Null when neither was, and where there is no /proc. Takes a tenth of a millisecond, and never waits.
 */
export function standstillOf(browserPid: number): 'browser' | 'renderer' | null {
  const browser = processStat(browserPid);
  if (browser === null) return null;
  if (isStopped(browser)) return 'browser';
  const hasStoppedRenderer = descendants(browserPid).some(
    (stat) => isStopped(stat) && IS_RENDERER.test(commandLine(stat.pid)?.join(' ') ?? ''),
  );
  return hasStoppedRenderer ? 'renderer' : null;
}
