import type { Answer, Document, Operation, Schema } from './document.js';
import { type Html, html, words } from './html.js';

const WHO: Readonly<Record<string, string>> = {
  public: 'No key is needed.',
  viewer: 'Any key.',
  operator: 'A key of role operator or admin.',
  admin: 'A key of role admin.',
};

const nameOf = ($ref: string) => $ref.slice($ref.lastIndexOf('/') + 1);
const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const joined = (parts: readonly Html[], between: string) =>
  html`${parts.map((part, at) => (at === 0 ? part : html`${between}${part}`))}`;

/** The type in words, such as "list of Session" or "text or null". */
function typeOf(schema: Schema): Html {
  if (schema.$ref) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.anyOf) return joined(schema.anyOf.map(typeOf), ' or ');
  const values = schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
  if (values.length > 0)
    return joined(
      values.map((value) => html`<code>${String(value)}</code>`),
      ' | ',
    );
  if (schema.items) return html`list of ${typeOf(schema.items)}`;
  const names = [schema.type ?? 'anything'].flat().join(' or ');
  return html`${schema.format ? `${names} (${schema.format})` : names}`;
}

/** Limits and default, as far as there are any. */
function limitsOf({ minimum, maximum, maxLength, default: preset }: Schema): string {
  const limits = [
    minimum === undefined ? '' : `${minimum} or more`,
    maximum === undefined ? '' : `${maximum} at most`,
    maxLength === undefined ? '' : `${maxLength} characters at most`,
    preset === undefined ? '' : `${JSON.stringify(preset)} when left out`,
  ];
  return limits.filter((limit) => limit !== '').join(', ');
}

interface Field {
  name: string;
  schema: Schema;
  required: boolean;
}

/** What is said of a field beside its type. */
type Remark = (field: Field) => string;
const whenSent: Remark = ({ required }) => (required ? 'required' : '');
const whenShown: Remark = ({ required }) => (required ? '' : 'may be absent');

/** The fields of a schema; those of objects in it with a point between. */
function fieldsOf(schema: Schema, before = ''): Field[] {
  const inside = schema.anyOf?.flatMap((option) => fieldsOf(option, before)) ?? [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
    { name: before + name, schema: part, required: schema.required.includes(name) },
    ...fieldsOf(part, `${before}${name}.`),
    ...(part.items ? fieldsOf(part.items, `${before}${name}[].`) : []),
  ]);
  return [...own, ...inside];
}

function fieldList(fields: readonly Field[], remark: Remark): Html {
  if (fields.length === 0) return html``;
  const rows = fields.map((field) => {
    const { name, schema } = field;
    const rest = [remark(field), limitsOf(schema)].filter((text) => text !== '');
    return html`<dt><code>${name}</code> <span class="type">${typeOf(schema)}</span>
      ${rest.length === 0 ? '' : html`<span class="quiet">${rest.join(', ')}</span>`}</dt>
      <dd>${words(schema.description ?? '')}</dd>`;
  });
  return html`<dl class="fields">${rows}</dl>`;
}

function curlOf(method: string, path: string, { requestBody, ...operation }: Operation): Html {
  const [example] = Object.values(requestBody?.content['application/json']?.examples ?? {});
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'id' && path.includes('sessions') ? 'shop' : `<${name}>`,
  );
  const lines = [
    `curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}"$API${address}"`,
    ...(operation['x-access'] === 'public' ? [] : ['  -H "Authorization: Bearer $KEY"']),
    ...(example ? ['  -H "Content-Type: application/json"', `  -d '${JSON.stringify(example.value)}'`] : []),
  ];
  return html`<pre>${lines.join(' \\\n')}</pre>`;
}

function bodyOf({ requestBody }: Operation): Html {
  const media = requestBody?.content['application/json'];
  if (!requestBody || !media) return html``;
  const fields = fieldsOf(media.schema);
  const examples = Object.values(media.examples).map(
    ({ summary, value }) => html`<p class="quiet">Example: ${summary}</p><pre>${pretty(value)}</pre>`,
  );
  if (fields.length === 0) return html``;
  return html`<h4>Body${requestBody.required ? '' : ', which may be left out'}</h4>${fieldList(fields, whenSent)}${examples}`;
}

function answerRow(status: string, answer: Answer, { headers: common }: Document['components']): Html {
  const types = Object.entries(answer.content).map(([type, { schema }]) => {
    if (type === 'application/problem+json') return html``;
    const list = schema.properties?.items;
    return html`<span class="type">${type}: ${list ? html`page of ${typeOf(list.items ?? list)}` : typeOf(schema)}</span> `;
  });
  const headers = Object.entries(answer.headers)
    .filter(([name]) => name !== 'X-Request-Id')
    .map(([name, { $ref, description }]) => {
      const meaning = $ref === undefined ? description : (common[nameOf($ref)]?.description ?? '');
      return html`<br><code>${name}</code> <span class="quiet">${words(meaning)}</span>`;
    });
  return html`<dt class="status s${status[0] ?? ''}">${status}</dt><dd>${words(answer.description)} ${types}${headers}</dd>`;
}

/** The API reference as one page of HTML without a script. `style` is the address of its style sheet. */
export function renderReference({ info, tags, paths, components }: Document, style: string | null): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, tag: operation.tags[0] })),
  );

  function operationOf({ path, method, operation }: (typeof operations)[number]): Html {
    const fields = operation.parameters.map(({ name, required, description, schema }) => {
      return { name, required, schema: { ...schema, description } };
    });
    const places = new Map(operation.parameters.map(({ name, in: place }) => [name, place]));
    const whereAndWhen: Remark = ({ name, required }) =>
      places.get(name) === 'path' ? 'path' : `${places.get(name)}${required ? ', required' : ''}`;
    const answers = Object.entries(operation.responses)
      .filter(([status]) => status !== 'default')
      .map(([status, answer]) => {
        return answerRow(status, (answer.$ref && components.responses[nameOf(answer.$ref)]) || answer, components);
      });
    return html`<article id="${operation.operationId}">
      <h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></h3>
      <p>${words(operation.summary)}. <span class="quiet">${WHO[operation['x-access']] ?? ''}</span></p>
      ${curlOf(method, path, operation)}
      ${fields.length === 0 ? '' : html`<h4>Parameters</h4>${fieldList(fields, whereAndWhen)}`}
      ${bodyOf(operation)}
      <h4>Answers</h4><dl class="answers">${answers}</dl>
    </article>`;
  }

  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ tag }) => tag === name);
    return {
      link: html`<li><a href="#tag-${name}">${name}</a><ul>${own.map(({ method, path, operation }) => {
        return html`<li><a href="#${operation.operationId}"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</a></li>`;
      })}</ul></li>`,
      body: html`<section><h2 id="tag-${name}">${name}</h2><p>${description}</p>${own.map(operationOf)}</section>`,
    };
  });

  const schemas = Object.entries(components.schemas).map(([name, schema]) => {
    const examples = schema.examples.map((value) => html`<p class="quiet">Example</p><pre>${pretty(value)}</pre>`);
    return html`<article id="schema-${name}"><h3>${name}</h3>${fieldList(fieldsOf(schema), whenShown)}${examples}</article>`;
  });

  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <title>${info.title} API</title>
    ${style === null ? '' : html`<link rel="stylesheet" href="${style}">`}
  </head>
  <body>
    <header class="top"><a class="brand" href="/">${info.title}</a> <span>API ${info.version}</span></header>
    <nav aria-label="Operations"><ul>${sections.map(({ link }) => link)}<li><a href="#schemas">Schemas</a></li></ul></nav>
    <main>
      <h1>${info.title} API</h1>
      ${info.description.split('\n\n').map((paragraph) => html`<p>${words(paragraph)}</p>`)}
      <p>The same for programs is the OpenAPI document at <code>/openapi.json</code>, with any key. The examples need
        <code>API</code>, the address of the service, and <code>KEY</code>, an API key.</p>
      ${sections.map(({ body }) => body)}
      <section><h2 id="schemas">Schemas</h2>${schemas}</section>
    </main>
  </body>
</html>
`.html;
}
