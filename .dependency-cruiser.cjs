// dependency-cruiser has swc read every file as plain TypeScript; the web page has JSX in it.
const swc = require('@swc/core');
const { parseFileSync } = swc;
swc.parseFileSync = (path, options) => parseFileSync(path, { ...options, tsx: path.endsWith('.tsx') });

// A folder imports only from the floors below it (docs/architecture.md); compose.ts and main.ts stand above all.
const floors = ['domain', 'adapters', 'session', 'fleet', 'api'];
const above = floors.flatMap((floor, level) => {
  const higher = floors.slice(level + 1);
  return higher.length === 0
    ? []
    : [
        {
          name: `${floor}-imports-only-from-below`,
          severity: 'error',
          from: { path: `^src/${floor}/` },
          to: { path: `^src/(${higher.join('|')})/|^src/(compose|main|library|handler-file|package-version)\\.ts$` },
        },
      ];
});

module.exports = {
  forbidden: [
    {
      name: 'cli-speaks-only-http',
      comment:
        'Beside the API: it uses a running service as any other program would, and the adapters to look at the machine.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(session|fleet|api)/|^src/(cli|compose|main|library|handler-file)\\.ts$' },
    },
    {
      name: 'nobody-needs-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli(/|\\.ts$)' },
      to: { path: '^src/cli(/|\\.ts$)' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...above,
    {
      name: 'domain-is-pure',
      comment: 'The core knows no clock, no random, no I/O and no package.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'only-adapters-know-the-world',
      comment: 'whatsapp-web.js, puppeteer and the database stay behind the ports of the domain.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/' },
      to: { path: 'node_modules/(whatsapp-web\\.js|puppeteer|better-sqlite3|kysely|winston|undici|prom-client)' },
    },
    {
      name: 'adapters-do-not-know-each-other',
      comment: 'The client may use the browser room; nothing else crosses.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/([^/]+)/', pathNot: ['^src/adapters/$1/', '^src/adapters/chromium/'] },
    },
    {
      name: 'page-is-made-for-browsers',
      comment: 'Of the service it bundles only the pure core; contract.ts has the types of what comes over HTTP.',
      severity: 'error',
      from: { path: '^src/api/dashboard/', pathNot: '^src/api/dashboard/contract\\.ts$' },
      to: { pathNot: '^src/(api/dashboard|domain)/|node_modules/(preact|uplot|socket\\.io-client)/' },
    },
    {
      name: 'service-does-not-run-the-page',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/api/dashboard/' },
      to: { path: '^src/api/dashboard/' },
    },
    {
      name: 'simulator-stands-alone',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(src|demo|test|bench)/' },
    },
    {
      name: 'bench-and-demo-speak-only-http',
      comment: 'They use the service as a stranger would.',
      severity: 'error',
      from: { path: '^(bench|demo)/' },
      to: { path: '^(src|test)/' },
    },
    {
      name: 'package-brings-what-it-runs-on',
      comment: 'Development dependencies are not there where the package is installed; the web page is bundled.',
      severity: 'error',
      from: { path: '^(src|simulator|demo)/', pathNot: '^src/api/dashboard/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'src-knows-no-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(simulator|demo|test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
