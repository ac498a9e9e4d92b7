/** Any query of Kysely's. */
interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] };
}

/** Stands in a query for what is given when it runs. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Builds a query once for every set of names that it is given, instead of once for every run. The function that comes
 * back runs `use` with what `ready` made of the query's text, and with the values in the order of the text.
 */
export function builtOnce<Given extends object, Statement>(
  build: (given: Given) => Compilable,
  ready: (sql: string) => Statement,
): <Result>(given: Given, use: (statement: Statement, parameters: unknown[]) => Result) => Result {
  const known = new Map<string, { statement: Statement; parameters: readonly unknown[] }>();

  function built(names: string[], key: string) {
    // Kysely takes any object that is no expression for a value, and gives it back among the parameters.
    const placeholders = Object.fromEntries(names.map((name) => [name, new Placeholder(name)])) as Given;
    const { sql, parameters } = build(placeholders).compile();
    const query = { statement: ready(sql), parameters };
    known.set(key, query);
    return query;
  }

  return (given, use) => {
    const names = Object.keys(given);
    const key = names.join();
    const { statement, parameters } = known.get(key) ?? built(names, key);
    const values = parameters.map((one) => (one instanceof Placeholder ? Reflect.get(given, one.name) : one));
    return use(statement, values);
  };
}
