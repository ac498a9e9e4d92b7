import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import { DomainError } from '../domain/error-catalogue.js';

/** Where the build puts the page; right from src as well as from dist. */
export const BUILT_PAGE = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
/** The names of assets change with what is in them. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Nothing but what this server serves, and pictures that the page fetched with its key. */
export const contentSecurityPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

const noSuchAsset: RequestHandler = (req) => {
  throw new DomainError(
    'not_found',
    `There is no file ${req.originalUrl} here. Load the page again: it may be older than the service.`,
  );
};

const cacheAs = (words: string) => (res: ServerResponse) => void res.setHeader('Cache-Control', words);

/** The web page at `/`, for everybody: it holds no secret, and whoever opens it signs in with a key. */
export function dashboardFiles(folder: string = BUILT_PAGE): Router {
  const router = Router();
  // Asked for each time, and answered with 304 while it is the same; it names the assets.
  const index = express.static(folder, { cacheControl: false, setHeaders: cacheAs('no-cache') });
  router.use((req, res, next) => {
    if (req.path !== '/' || (req.method !== 'GET' && req.method !== 'HEAD')) return next();
    contentSecurityPolicy(req, res, (error) => (error ? next(error) : index(req, res, next)));
  });
  const assets = express.static(`${folder}/assets`, {
    index: false,
    cacheControl: false,
    setHeaders: cacheAs(FOR_EVER),
  });
  router.use('/assets', assets, noSuchAsset);
  return router;
}
