import { readdirSync } from 'node:fs';
import { Router } from 'express';
import { BUILT_PAGE, contentSecurityPolicy } from '../dashboard-files.js';
import { documentSchema } from './document.js';
import { renderReference } from './render.js';

/** Address of the style sheet that the build made; null when nothing was built. */
function styleIn(folder: string): string | null {
  try {
    const name = readdirSync(`${folder}/assets`).find((file) => /^reference-\w+\.css$/.test(file));
    return name === undefined ? null : `/assets/${name}`;
  } catch {
    return null;
  }
}

/** The API reference at `/docs`, for everybody: it tells nothing but what every copy of this version does. */
export function referencePage(describe: () => unknown, folder: string = BUILT_PAGE): Router {
  const router = Router();
  let page: string | null = null;
  router.get('/docs', contentSecurityPolicy, (_req, res) => {
    page ??= renderReference(documentSchema.parse(describe()), styleIn(folder));
    res.type('html').send(page);
  });
  return router;
}
