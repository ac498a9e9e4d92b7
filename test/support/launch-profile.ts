/** Flags that the tests start browsers with: `WAKEFUL_TEST_PROFILE`, set by `npm run test:e2e:full`; else the defaults. */
export function launchProfile(): { profile?: 'full' } {
  return process.env.WAKEFUL_TEST_PROFILE === 'full' ? { profile: 'full' } : {};
}
