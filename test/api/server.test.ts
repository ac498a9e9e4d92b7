import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ApiServer, createServer } from '../../src/api/server.js';

describe('the server', () => {
  const servers: ApiServer[] = [];
  const serve = (listener: RequestListener, port = 0) => {
    const server = createServer(listener, '127.0.0.1', port);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop(10)));
  });

  test('starts once on a free port and stops once', async () => {
    const server = serve((_req, res) => res.end('hello'));
    const [first, second] = await Promise.all([server.start(), server.start()]);
    expect(first).toEqual(second);
    const url = `http://127.0.0.1:${first.port}/`;
    expect(await (await fetch(url)).text()).toBe('hello');
    await Promise.all([server.stop(), server.stop()]);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('says which port is taken and what to do', async () => {
    const other = createPlainServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(serve(() => {}, port).start()).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
    await new Promise((resolve) => other.close(resolve));
  });

  test('says that a host is not of this machine', async () => {
    const server = createServer(() => {}, '192.0.2.1', 0);
    await expect(server.start()).rejects.toThrow('no address 192.0.2.1');
    await server.stop();
  });

  test('lets a running request end, then closes its connection', async () => {
    let finish = () => {};
    let arrived = () => {};
    const running = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = serve((_req, res) => {
      finish = () => res.end('done');
      arrived();
    });
    const { port } = await server.start();
    const answer = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
    await running;
    const stopped = server.stop(60_000);
    finish();
    expect(await answer).toBe('done');
    await stopped;
  });

  test('cuts a request that outlasts the deadline', async () => {
    let arrived = () => {};
    const running = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = serve(() => arrived());
    const { port } = await server.start();
    const refused = expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    await running;
    await server.stop(20);
    await refused;
  });

  test('stops without ever having started', async () => {
    await serve(() => {}).stop();
  });
});
