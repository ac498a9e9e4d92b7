// Makes TypeScript out of the OpenAPI document, in the form that openapi-fetch reads: `paths`, `operations` and
// `components`. openapi-typescript does the same for any document, but it needs the compiler's interface of TypeScript 5.
// This knows what zod writes, and throws at anything else rather than to guess.

const PLACES = ['query', 'header', 'path', 'cookie'];
const SIMPLE = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };

const literal = (value) => JSON.stringify(value);
const comment = (text) => (text ? `/** ${text.replaceAll('*/', '*\\/')} */\n` : '');
const union = (types) => [...new Set(types)].join(' | ');

/** `#/components/schemas/Session` as TypeScript names it. */
function reference($ref) {
  const [, kind, name] = /^#\/components\/(\w+)\/(\w+)$/.exec($ref) ?? [];
  if (name === undefined) throw new Error(`${$ref} is no reference into the components of the document.`);
  return `components[${literal(kind)}][${literal(name)}]`;
}

function objectType({ properties = {}, required = [], additionalProperties, propertyNames }) {
  const members = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(schema.description)}${literal(name)}${mark}: ${typeOf(schema)};`;
  });
  // The line break has the formatter keep each on a line of its own.
  if (members.length > 0) return `{\n${members.join('\n')} }`;
  if (additionalProperties === false) return 'Record<string, never>';
  const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
  return `Record<${propertyNames === undefined ? 'string' : typeOf(propertyNames)}, ${value}>`;
}

/** The type of the values that a schema allows. */
function typeOf(schema) {
  if (schema.$ref) return reference(schema.$ref);
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  if (schema.anyOf) return union(schema.anyOf.map(typeOf));
  if (schema.enum) return union(schema.enum.map(literal));
  if ('const' in schema) return literal(schema.const);
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
  if (schema.type === 'array') return `(${typeOf(schema.items)})[]`;
  if (schema.type === 'object') return objectType(schema);
  if (schema.type in SIMPLE) return SIMPLE[schema.type];
  if (Object.keys(schema).every((key) => key === 'description')) return 'unknown';
  throw new Error(`No type is known for the schema ${literal(schema)}.`);
}

function content(media) {
  const types = Object.entries(media).map(([type, { schema }]) => `${literal(type)}: ${typeOf(schema)};`);
  return `content: { ${types.join('\n')} };`;
}

function response(answer) {
  if (answer.$ref) return reference(answer.$ref);
  const named = Object.keys(answer.headers ?? {}).map((name) => `${literal(name)}?: string;`);
  const body = answer.content ? content(answer.content) : 'content?: never;';
  return `{ headers: { ${named.join(' ')} [name: string]: unknown }; ${body} }`;
}

const responses = (answers) =>
  Object.entries(answers).map(
    ([name, answer]) => `${comment(answer.description)}${literal(name)}: ${response(answer)};`,
  );

function parameters(list) {
  const places = PLACES.map((place) => {
    const own = list.filter((parameter) => parameter.in === place);
    if (own.length === 0) return `${place}?: never;`;
    const properties = Object.fromEntries(
      own.map(({ name, schema, description }) => [name, { description, ...schema }]),
    );
    const required = own.filter((parameter) => parameter.required).map(({ name }) => name);
    return `${place}${required.length > 0 ? '' : '?'}: ${objectType({ properties, required })};`;
  });
  return `parameters: { ${places.join(' ')} };`;
}

function operation({ operationId, summary, parameters: list = [], requestBody, responses: answers }) {
  const body = requestBody
    ? `requestBody${requestBody.required ? '' : '?'}: { ${content(requestBody.content)} };`
    : 'requestBody?: never;';
  const statuses = responses(answers).map((line) => line.replace(/^((?:\/\*\*.*\*\/\n)?)"(\d+)"/, '$1$2'));
  return `${comment(summary)}${operationId}: { ${parameters(list)} ${body} responses: { ${statuses.join('\n')} } };`;
}

function path([address, methods]) {
  const own = Object.entries(methods).map(([name, { operationId }]) => `${name}: operations[${literal(operationId)}];`);
  return `${literal(address)}: { ${own.join(' ')} };`;
}

/** The source of a declaration file, not formatted. */
export function clientTypes({ paths, components }) {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods).map(operation));
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}${name}: ${typeOf(schema)};`,
  );
  return `// Written by "npm run docs" out of openapi.json, which is made from the schemas that the service checks with.
export interface paths { ${Object.entries(paths).map(path).join('\n')} }
export interface operations { ${operations.join('\n')} }
export interface components {
  schemas: { ${schemas.join('\n')} };
  responses: { ${responses(components.responses).join('\n')} };
}
`;
}
