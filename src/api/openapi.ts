import { ERRORS, type ErrorCode } from '../domain/error-catalogue.js';
import { fieldsOf, type Json, schemaWriter, type Write } from './openapi-schemas.js';
import { problemSchema } from './problem.js';
import { namesSession, type ResponseDoc, type Route, TAGS } from './route.js';

const HEADERS = {
  'X-Request-Id': 'Names this request in the log; yours when you sent one',
  'Retry-After': 'Seconds after which trying again can help',
  'WWW-Authenticate': 'The scheme of the key that is needed',
} as const satisfies Record<string, string>;
type HeaderName = keyof typeof HEADERS;

/** Headers of refusals with a status, beside the one that all answers have. */
const REFUSAL_HEADERS: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

const DESCRIPTION = `Keeps WhatsApp numbers connected.

Every error is an \`application/problem+json\` (RFC 9457) with a stable \`code\`. Each operation names the codes that its own inputs and its own
work can give. Beside them every address can answer 400 \`bad_request\`, 408 \`request_timeout\` and 431 \`headers_too_large\` to what is no
readable request, 404 \`not_found\` and 405 \`method_not_allowed\`, 413 \`payload_too_large\` and 415 \`unsupported_media_type\` to a body that
it does not take, and 500 \`internal\`.

Lists are pages: \`{"items": [...], "next": "..."}\`; \`?after=<next>\` gives the next one, and a page without \`next\` is the last.`;

const headerDoc = (description: string): Json => ({ description, schema: { type: 'string' } });
const headerRefs = (names: readonly HeaderName[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** As people write it: zod knows the name as Node gives it. */
const headerName = (name: string) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

function parameters(place: 'path' | 'query' | 'header', fields: Route['params'], write: Write): Json[] {
  if (fields === null) return [];
  const { properties, required } = fieldsOf(write(fields, 'input'));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name: place === 'header' ? headerName(name) : name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

const isText = (type: string) => type === 'application/json' || type === 'text/plain' || type === 'image/svg+xml';

function response({ description, content, headers = {} }: ResponseDoc, write: Write): Json {
  const own = Object.entries(headers).map(([name, words]) => [name, headerDoc(words)]);
  const common = { description, headers: { ...headerRefs(['X-Request-Id']), ...Object.fromEntries(own) } };
  if (!content) return common;
  const media = Object.entries(content).map(([type, schema]) => [
    type,
    { schema: isText(type) ? write(schema, 'output') : { type: 'string', format: 'binary' } },
  ]);
  return { ...common, content: Object.fromEntries(media) };
}

/** A role that does not reach, or a key that is limited where nothing is limited. */
function canForbid(route: Route): boolean {
  return route.access !== 'public' && (route.access !== 'viewer' || !(namesSession(route) || route.forLimitedKeys));
}

/** Every refusal that a route can answer with, but those that every address can. */
function refusalsOf(route: Route): ErrorCode[] {
  const codes: ErrorCode[] = ['bad_request', ...route.refusals];
  if (route.access !== 'public') codes.push('unauthorized', 'too_many_requests');
  if (canForbid(route)) codes.push('forbidden');
  if (namesSession(route)) codes.push('session_not_found');
  if (route.body) codes.push('payload_too_large', 'unsupported_media_type');
  if (route.needsReadyFleet) codes.push('not_ready');
  return [...new Set(codes)].sort();
}

/** Writes the answers of refusals; those that are alike stand in the document once. */
function refusalWriter(write: Write) {
  const components: Json = {};
  const problem = write(problemSchema, 'output');

  function add(codes: readonly ErrorCode[], status: number): Json {
    const name = codes.join('_or_');
    components[name] = {
      description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('; '),
      headers: headerRefs(['X-Request-Id', ...(REFUSAL_HEADERS[status] ?? [])]),
      content: {
        'application/problem+json': {
          schema: { allOf: [problem, { type: 'object', properties: { code: { enum: codes } } }] },
        },
      },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  function responses(route: Route): Json {
    const codes = refusalsOf(route);
    const statuses = [...new Set(codes.map((code) => ERRORS[code].status))];
    const byStatus = statuses.map((status) => [
      status,
      add(
        codes.filter((code) => ERRORS[code].status === status),
        status,
      ),
    ]);
    return Object.fromEntries(byStatus);
  }

  components.Problem = {
    description: 'Any other refusal',
    headers: headerRefs(['X-Request-Id']),
    content: { 'application/problem+json': { schema: problem } },
  };
  return { responses, components };
}

function requestBody({ body, examples }: Route, write: Write): Json {
  if (body === null) return {};
  const shown = Object.entries(examples).map(([summary, value], at) => [`example${at + 1}`, { summary, value }]);
  const media = {
    schema: write(body, 'input'),
    ...(shown.length === 0 ? {} : { examples: Object.fromEntries(shown) }),
  };
  return { requestBody: { required: !body.safeParse({}).success, content: { 'application/json': media } } };
}

function operation(route: Route, write: Write, refused: Json): Json {
  const answers = Object.entries(route.responses).map(([status, doc]) => [status, response(doc, write)]);
  const inputs = [
    ...parameters('path', route.params, write),
    ...parameters('query', route.query, write),
    ...parameters('header', route.headers, write),
  ];
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : { 'x-access': route.access }),
    ...(inputs.length === 0 ? {} : { parameters: inputs }),
    ...requestBody(route, write),
    responses: { ...Object.fromEntries(answers), ...refused, default: { $ref: '#/components/responses/Problem' } },
  };
}

/** The OpenAPI 3.1 document of these routes, made from the schemas that validate. */
export function createOpenApi(routes: readonly Route[], version: string): Json {
  const { write, components } = schemaWriter();
  const refusals = refusalWriter(write);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, write, refusals.responses(route)) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wakeful',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The service that gives this document' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components,
      responses: refusals.components,
      headers: Object.fromEntries(Object.entries(HEADERS).map(([name, words]) => [name, headerDoc(words)])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'The same key in another header' },
      },
    },
  };
}
