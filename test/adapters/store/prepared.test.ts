import { describe, expect, test } from '@jest/globals';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { builtOnce } from '../../../src/adapters/store/prepared.js';

interface Person {
  id: string;
  name: string;
  age: number | null;
}

const query = new Kysely<{ person: Person }>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** What is run, and how often it was made ready. */
function following<Given extends object>(build: Parameters<typeof builtOnce<Given, string>>[0]) {
  const readied: string[] = [];
  const run = builtOnce<Given, string>(build, (sql) => {
    readied.push(sql);
    return sql;
  });
  return { readied, run: (given: Given) => run(given, (sql, parameters) => ({ sql, parameters })) };
}

describe('a query that is built once', () => {
  test('gets the values of every run, in the order of its text', () => {
    const { readied, run } = following(({ id, least }: { id: string; least: number }) =>
      query.selectFrom('person').select('name').where('age', '>=', least).where('id', '=', id).where('name', '!=', 'x'),
    );
    expect(run({ id: 'a', least: 5 }).parameters).toEqual([5, 'a', 'x']);
    // However they are ordered where they are given.
    expect(run({ least: 7, id: 'b' }).parameters).toEqual([7, 'b', 'x']);
    expect(run({ id: 'c', least: 9 }).parameters).toEqual([9, 'c', 'x']);
    expect(new Set(readied).size).toBe(1);
  });

  test('is another one for other columns', () => {
    const { readied, run } = following(({ id, ...columns }: Partial<Person> & { id: string }) =>
      query.updateTable('person').set(columns).where('id', '=', id),
    );
    expect(run({ id: 'a', name: 'Ada' })).toEqual({
      sql: 'update "person" set "name" = ? where "id" = ?',
      parameters: ['Ada', 'a'],
    });
    expect(run({ id: 'a', age: null })).toEqual({
      sql: 'update "person" set "age" = ? where "id" = ?',
      parameters: [null, 'a'],
    });
    run({ id: 'b', name: 'Bob' });
    expect(readied).toHaveLength(2);
  });
});
