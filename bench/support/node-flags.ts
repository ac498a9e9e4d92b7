/**
 * What Node is given by `npm start`, pm2, systemd and the image (docs/installing.md): runs that measure or break the
 * service start it alike. `test/packaging.test.ts` holds the files of these ways to it, which cannot read it.
 */
export const NODE_FLAGS = ['--single-threaded-gc', '--max-semi-space-size=4'] as const;
