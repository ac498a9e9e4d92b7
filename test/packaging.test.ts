import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { NODE_FLAGS } from '../bench/support/node-flags.js';
import { loadConfig } from '../src/config.js';

const { deadlines } = loadConfig({}, '/');
/** Who asks the service to stop waits for its deadline, and for the process to end. */
const NEEDED_MS = deadlines.shutdownMs + 3_000;
const textOf = (path: string) => readFileSync(path, 'utf8');

describe('R30 pm2', () => {
  const config = z.object({ apps: z.tuple([z.looseObject({ kill_timeout: z.number() })]) });
  let app: z.infer<typeof config>['apps'][0];
  beforeAll(async () => {
    app = config.parse(await import(pathToFileURL(resolve('ecosystem.config.js')).href)).apps[0];
  });

  test('runs one process of the build, wherever it is said', () => {
    expect(app).toMatchObject({ exec_mode: 'fork', instances: 1, script: resolve('dist/main.js'), watch: false });
  });

  test('gives Node the same flags as every other way to start it', () => {
    expect(app).toMatchObject({ node_args: NODE_FLAGS });
    expect(JSON.parse(textOf('package.json')).scripts.start).toBe(`node ${NODE_FLAGS.join(' ')} dist/main.js`);
    expect(textOf('README.md')).toContain(`\`node ${NODE_FLAGS.join(' ')} dist/main.js\``);
    expect(spawnSync(process.execPath, [...NODE_FLAGS, '-e', '']).status).toBe(0);
  });

  test('waits for the ready signal, and long enough for a clean stop', () => {
    expect(app).toMatchObject({ wait_ready: true });
    expect(app.kill_timeout).toBeGreaterThanOrEqual(NEEDED_MS);
  });
});

describe('the unit for systemd', () => {
  const unit = textOf('packaging/systemd/wakeful.service');
  const settings = new Map(
    [...unit.matchAll(/^([A-Z]\w*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const),
  );

  test('asks only the service to stop, and gives it the time to close every browser', () => {
    expect(settings.get('KillMode')).toBe('mixed');
    expect(Number(settings.get('TimeoutStopSec')) * 1000).toBeGreaterThanOrEqual(NEEDED_MS);
  });

  test('runs it as a user of its own, that can write nowhere else', () => {
    expect(settings.get('User')).toBe('wakeful');
    expect(settings.get('StateDirectory')).toBe('wakeful');
    expect(settings.get('ProtectSystem')).toBe('strict');
    expect(settings.get('NoNewPrivileges')).toBe('yes');
    for (const [, folder] of unit.matchAll(/^Environment=\w+=(\/.*)$/gm))
      expect(folder).toMatch(/^\/var\/lib\/wakeful\b/);
  });

  test("takes neither the sandbox from the browsers nor JavaScript's compiler", () => {
    const forbidden = ['RestrictNamespaces', 'PrivateUsers', 'SystemCallFilter', 'MemoryDenyWriteExecute'];
    expect(forbidden.filter((name) => settings.has(name))).toEqual([]);
  });

  test('goes on when the kernel kills one browser', () => {
    expect(settings.get('OOMPolicy')).toBe('continue');
    expect(settings.get('Restart')).toBe('on-failure');
  });

  test('starts what an installed package has', () => {
    expect(settings.get('ExecStart')).toBe(
      `/usr/bin/node ${NODE_FLAGS.join(' ')} /opt/wakeful/node_modules/wakeful/dist/main.js`,
    );
  });
});

describe('the container', () => {
  const [, image = ''] = textOf('Dockerfile').split(/^FROM .* AS build$/m);
  const compose = textOf('compose.yaml');

  test('does not run as root', () => {
    const users = [...image.matchAll(/^USER (.+)$/gm)].map(([, user]) => user);
    expect(users).toEqual(['node']);
  });

  test('has a first process that collects dead ones, and no npm between it and the service', () => {
    expect(image).toMatch(/^ENTRYPOINT \["tini", "--"\]$/m);
    expect(image).toContain(
      `\nCMD ${JSON.stringify(['node', ...NODE_FLAGS, '/opt/wakeful/dist/main.js']).replaceAll(',', ', ')}\n`,
    );
  });

  test('is looked after by /health', () => {
    const command = /^HEALTHCHECK [^\n]*\n +CMD (\[.*\])$/m.exec(image)?.[1];
    const [program, flag, script] = z.array(z.string()).parse(JSON.parse(command ?? '[]'));
    expect([program, flag]).toEqual(['node', '-e']);
    expect(() => new Function(script ?? '(')).not.toThrow();
    expect(script).toContain('/health`');
  });

  test('keeps what must stay in its volume', () => {
    const folders = [...image.matchAll(/^ {2}WAKEFUL_(?:DATA|AUTH)_DIR=(\S+)/gm)].map(([, folder = '']) => folder);
    expect(folders).toHaveLength(2);
    for (const folder of folders) expect(folder.startsWith('/data/')).toBe(true);
    expect(image).toMatch(/^VOLUME \/data$/m);
    expect(compose).toMatch(/^ {6}- data:\/data$/m);
  });

  test('is given the time to close every browser', () => {
    const [, seconds] = /^ {4}stop_grace_period: (\d+)s$/m.exec(compose) ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThanOrEqual(NEEDED_MS);
  });

  test('has a filter of system calls that leaves the browsers their sandbox', () => {
    const [, path] = /seccomp=(\S+)$/m.exec(compose) ?? [];
    const { syscalls } = z
      .object({ syscalls: z.array(z.object({ names: z.array(z.string()), action: z.literal('SCMP_ACT_ERRNO') })) })
      .parse(JSON.parse(textOf(path ?? '')));
    const denied = syscalls.flatMap(({ names }) => names);
    expect(denied).toEqual(expect.arrayContaining(['mount', 'bpf', 'kexec_load']));
    expect(denied.filter((name) => ['clone', 'clone3', 'unshare', 'chroot', 'seccomp'].includes(name))).toEqual([]);
  });

  test('is built without what belongs to the operator', () => {
    const [first, ...rest] = textOf('.dockerignore').trim().split('\n');
    expect(first).toBe('*');
    expect(rest.filter((line) => /data|auth|env|node_modules|dist|\.git/.test(line))).toEqual([]);
  });
});

test('what is copied into the package is there', () => {
  const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(textOf('package.json')));
  const built = ['dist'];
  for (const name of files.filter((file) => !file.startsWith('!') && !built.includes(file))) {
    expect(() => readFileSync(join(name))).not.toThrow(/ENOENT/);
  }
});
