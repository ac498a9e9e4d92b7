import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SOURCE = 'src/api/dashboard';
const TARGET = 'dist/dashboard';

/** Bundles the web page: index.html, and assets whose names change with what is in them. */
export async function buildDashboard() {
  await rm(TARGET, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: {
      app: `${SOURCE}/main.tsx`,
      style: `${SOURCE}/styles/style.css`,
      // Of the API reference, which the service writes itself.
      reference: `${SOURCE}/styles/reference.css`,
      icon: `${SOURCE}/icon.svg`,
    },
    loader: { '.svg': 'copy' },
    outdir: `${TARGET}/assets`,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'linked',
    logLevel: 'warning',
  });
  const assets = Object.keys(metafile.outputs).map((path) => basename(path));
  const named = (name, type) => {
    const found = assets.find((asset) => asset.startsWith(`${name}-`) && asset.endsWith(type));
    if (found === undefined) throw new Error(`esbuild made no ${name}${type} out of ${SOURCE}`);
    return `/assets/${found}`;
  };
  const template = await readFile(join(SOURCE, 'index.html'), 'utf8');
  const html = template
    .replace('{{script}}', named('app', '.js'))
    .replace('{{style}}', named('style', '.css'))
    .replace('{{icon}}', named('icon', '.svg'));
  await mkdir(TARGET, { recursive: true });
  await writeFile(join(TARGET, 'index.html'), html);
}
