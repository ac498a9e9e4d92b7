import { expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aFleet, aRequest } from './fleet-driver.js';

test('a message is promised only when it is on the disk, also to who asks again meanwhile', async () => {
  const { fleet, house, supervisor } = aFleet();
  await supervisor.start();
  await fleet.create({ id: 'a' }, true);
  let reach: () => void = () => {};
  const disk = new Promise<void>((resolve) => (reach = resolve));
  house.outbox.onDisk = () => disk;
  const promised: boolean[] = [];
  for (let times = 0; times < 2; times += 1) {
    void fleet.send('a', { ...aRequest(), idempotencyKey: 'k' }).then(({ created }) => promised.push(created));
  }
  await settled();
  expect(promised).toEqual([]);
  reach();
  await settled();
  expect(promised).toEqual([true, false]);
});
