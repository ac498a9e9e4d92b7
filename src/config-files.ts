import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object with what another one changes in it, however deep. */
export function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return merged;
}

const configDir = fileURLToPath(new URL('../config/', import.meta.url));

/** The JSON object in a file, or a clear error naming the file. */
export function readJson(path: string): JsonObject {
  if (!existsSync(path)) throw new Error(`The configuration file ${path} does not exist.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`The configuration file ${path} could not be read as JSON: ${(cause as Error).message}`, { cause });
  }
  if (!isObject(parsed)) throw new Error(`The configuration file ${path} must hold a JSON object.`);
  return parsed;
}

/** The values that a preset in `config/` changes, or a clear error naming it. */
export function readPreset(name: string): JsonObject {
  const presets = readdirSync(configDir).map((file) => basename(file, '.json'));
  if (!presets.includes(name)) {
    const known = presets.filter((preset) => /^[a-z]+$/.test(preset) && preset !== 'default');
    throw new Error(`There is no preset "${name}"; there are ${known.join(', ')}.`);
  }
  return readJson(resolve(configDir, `${name}.json`));
}
