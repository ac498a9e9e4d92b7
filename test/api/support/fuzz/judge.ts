import { expect } from '@jest/globals';
import { problemSchema } from '../../../../src/api/problem.js';
import { ERRORS } from '../../../../src/domain/error-catalogue.js';
import type { Operation } from './api-document.js';
import type { FuzzRequest } from './fuzz-request.js';
import type { PlainAnswer } from './plain-http.js';

/** What every address can answer, as the document says in its own words. */
const ANYWHERE = [
  ...['bad_request', 'request_timeout', 'headers_too_large', 'not_found', 'method_not_allowed'],
  ...['payload_too_large', 'unsupported_media_type', 'internal'],
];

/** Every refusal is a problem document with a code of the catalogue, and none says that we failed. */
export function judgeRefusal({ status, headers, text }: Omit<PlainAnswer, 'cpuMs'>, method: string): void {
  if (status >= 500) expect([status, text]).toEqual([ERRORS.not_ready.status, text]);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  if (method === 'HEAD') return;
  const problem = problemSchema.parse(JSON.parse(text));
  expect({ ...problem, status: ERRORS[problem.code].status }).toEqual(problem);
  expect(problem).toMatchObject({ status, requestId: headers['x-request-id'] });
}

/** What an answer must be, whatever was asked. */
export function judge(operation: Operation, request: FuzzRequest, answer: PlainAnswer): void {
  const { status, headers, text } = answer;
  if (status >= 400) {
    judgeRefusal(answer, request.method);
    if (request.method !== operation.method) return;
    const { code } = problemSchema.parse(JSON.parse(text));
    if (!ANYWHERE.includes(code))
      expect([operation.id, operation.refusals.get(status)]).toEqual([operation.id, expect.arrayContaining([code])]);
    return;
  }
  // As RFC 9110 wants it of "If-None-Match: *".
  if (status === 304 && 'if-none-match' in request.headers) return;
  // A piece such as ".." can make another address of it, which then answers as it does.
  if (request.method !== operation.method) return;
  const media = operation.answers.get(status);
  expect([...operation.answers.keys()]).toContain(status);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (media === undefined || media.size === 0) expect(text).toBe('');
  else expect([...media.keys()]).toContain(type);
  if (type === 'application/json') media?.get(type)?.parse(JSON.parse(text));
  if (request.json !== undefined) expect(operation.body?.allows(request.json) ?? true).toBe(true);
}
