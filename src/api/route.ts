import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ErrorCode } from '../domain/error-catalogue.js';

export type Method = 'get' | 'post' | 'patch' | 'delete';

const MAX_BODY_BYTES = 1024 * 1024;

/** Who may call: anybody, a key that only looks, one that also acts on sessions, or one that also gives out keys. */
export type Access = 'public' | 'viewer' | 'operator' | 'admin';

/** What a handler gives back: JSON, bytes of a type, a file, or nothing. */
export type Reply =
  | { status: number; json: unknown; headers?: Record<string, string> }
  | { status: number; contentType: string; bytes: string | Buffer; headers?: Record<string, string> }
  /** A file to be saved, never shown; `saveAs` is the name that it is offered under. */
  | { status: 200; contentType: string; file: string; saveAs: string | null; headers?: Record<string, string> }
  | { status: 204 };

/** The parts of the API, as the OpenAPI document and its page order it. */
export const TAGS = {
  Sessions: 'Creating, showing, changing, starting and stopping numbers',
  Linking: 'Linking a number with a phone',
  Messages: 'Sending messages, and reading those sent and received',
  WhatsApp: 'What the page of a connected number knows',
  Webhooks: 'What webhooks were told, and trying one out',
  Keys: 'API keys, and who changed what',
  Service: 'Health and figures of the whole service',
} as const;
export type Tag = keyof typeof TAGS;

/** What is told of one possible answer in the OpenAPI document. */
export interface ResponseDoc {
  description: string;
  /** What each header of this answer says, by its name. */
  headers?: Readonly<Record<string, string>>;
  /** Schema by media type; absent when there is no body. */
  content?: Readonly<Record<string, z.ZodType>>;
}

interface RouteDoc {
  method: Method;
  /** As Express writes it: `/api/sessions/:id`. */
  path: string;
  operationId: string;
  tag: Tag;
  summary: string;
  access: Access;
  /**
   * Open to keys that are limited to some sessions, though no session stands in the path: its handler shows and does
   * only what concerns these, or nothing that concerns any.
   */
  forLimitedKeys: boolean;
  /** Acts on sessions: refused with 503 while the fleet is restoring or draining. */
  needsReadyFleet: boolean;
  params: z.ZodObject | null;
  query: z.ZodObject | null;
  headers: z.ZodObject | null;
  body: z.ZodType | null;
  /** Largest body, in bytes. */
  maxBodyBytes: number;
  /** Bodies that are taken, for the document; the name says what for. */
  examples: Readonly<Record<string, unknown>>;
  responses: Readonly<Record<number, ResponseDoc>>;
  /** What it refuses with, beside what follows from its inputs and its access. */
  refusals: readonly ErrorCode[];
}

/** One address with its method: all that the router and the OpenAPI document need. */
export interface Route extends RouteDoc {
  handle(req: Request, res: Response): Promise<Reply>;
}

const nothing = z.object({});
type Nothing = typeof nothing;

interface RouteSpec<P extends z.ZodObject, Q extends z.ZodObject, H extends z.ZodObject, B extends z.ZodType> {
  method: Method;
  path: string;
  operationId: string;
  tag: Tag;
  summary: string;
  access: Access;
  forLimitedKeys?: boolean;
  needsReadyFleet?: boolean;
  params?: P;
  query?: Q;
  /** Names in lower case, as Node gives them. */
  headers?: H;
  body?: B;
  /** Bytes; 1 MB when left out. */
  maxBodyBytes?: number;
  examples?: Readonly<Record<string, z.input<B>>>;
  responses: Readonly<Record<number, ResponseDoc>>;
  refusals?: readonly ErrorCode[];
  handle(input: {
    params: z.output<P>;
    query: z.output<Q>;
    headers: z.output<H>;
    body: z.output<B>;
    req: Request;
    res: Response;
  }): Promise<Reply> | Reply;
}

/** A route whose handler gets only what its schemas let through. Anything that is not a GET needs a ready fleet. */
export function defineRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  H extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(spec: RouteSpec<P, Q, H, B>): Route {
  // The schemas that were left out are all `nothing`, which is what their type parameters then default to.
  const params = spec.params ?? (nothing as unknown as P);
  const query = spec.query ?? (nothing as unknown as Q);
  const headers = spec.headers ?? (nothing as unknown as H);
  const body = spec.body ?? (nothing as unknown as B);
  return {
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    tag: spec.tag,
    summary: spec.summary,
    access: spec.access,
    forLimitedKeys: spec.forLimitedKeys ?? false,
    needsReadyFleet: spec.needsReadyFleet ?? spec.method !== 'get',
    params: spec.params ?? null,
    query: spec.query ?? null,
    headers: spec.headers ?? null,
    body: spec.body ?? null,
    maxBodyBytes: spec.maxBodyBytes ?? MAX_BODY_BYTES,
    examples: spec.examples ?? {},
    responses: spec.responses,
    refusals: spec.refusals ?? [],
    async handle(req, res) {
      // An empty body is as good as {} where everything is optional.
      const given: unknown = spec.body ? (req.body ?? {}) : {};
      // What was read of it is enough: a large one must not be kept until the answer is out.
      req.body = undefined;
      return spec.handle({
        params: params.parse(req.params),
        query: query.parse(req.query),
        headers: headers.parse(req.headers),
        body: body.parse(given),
        req,
        res,
      });
    },
  };
}

/** A JSON answer for the document. */
export function jsonResponse(
  description: string,
  schema: z.ZodType,
  headers: Readonly<Record<string, string>> = {},
): ResponseDoc {
  return { description, headers, content: { 'application/json': schema } };
}

/** Whether a session stands in the path, so that its id alone decides which limited keys may call. */
export function namesSession({ path }: Pick<RouteDoc, 'path'>): boolean {
  return path.startsWith('/api/sessions/:id') || path.includes(':sessionId');
}
