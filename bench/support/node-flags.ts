/**
 * What Node is given by every packaged way to start the service (docs/installing.md): runs that measure or break it
 * start it alike. `test/packaging.test.ts` holds the files of these ways to it, which cannot read it.
 */
export const NODE_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=4'] as const;
