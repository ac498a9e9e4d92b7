import { expect, test } from '@jest/globals';
import { LidNumbers } from '../../../src/adapters/wwebjs/lid-numbers.js';

const MINUTE_MS = 60_000;

function numbers(answers: Record<string, string> = {}, learned: Record<string, string> = {}) {
  const asked: string[] = [];
  const time = { now: 0 };
  const { named } = new LidNumbers({
    known: (lid) => learned[lid] ?? null,
    async ask(lid) {
      asked.push(lid);
      time.now += 1_000;
      return answers[lid] ?? null;
    },
    now: () => time.now,
  });
  const of = async (...lids: string[]) =>
    (await named(lids.map((lid) => ({ from: lid, fromLid: lid })))).map(({ from }) => from);
  return { named, of, asked, time };
}

test('whoever has a number is not looked up', async () => {
  const { named, asked } = numbers({ '77@lid': '1@c.us' });
  const people = [{ from: '491511@c.us', fromLid: '77@lid' }];
  expect(await named(people)).toBe(people);
  expect(asked).toEqual([]);
});

test('what was learned comes before any question', async () => {
  const { of, asked } = numbers({ '77@lid': '1@c.us', '78@lid': '2@c.us' }, { '77@lid': '491511@c.us' });
  expect(await of('77@lid', '78@lid', '79@lid')).toEqual(['491511@c.us', '2@c.us', '79@lid']);
  expect(asked).toEqual(['78@lid', '79@lid']);
});

test('nobody is asked for twice within ten minutes, known or not', async () => {
  const { of, asked, time } = numbers({ '77@lid': '1@c.us' });
  for (let round = 0; round < 3; round += 1)
    expect(await of('77@lid', '79@lid', '79@lid')).toEqual(['1@c.us', '79@lid', '79@lid']);
  expect(asked).toEqual(['77@lid', '79@lid']);
  time.now += 10 * MINUTE_MS;
  await of('79@lid');
  expect(asked).toEqual(['77@lid', '79@lid', '79@lid']);
});

test('many whom nobody knows hold nothing up for long', async () => {
  const { of, asked } = numbers();
  const many = Array.from({ length: 300 }, (_, n) => `${n}@lid`);
  expect(await of(...many)).toEqual(many);
  expect(asked.length).toBeLessThan(20);
});
