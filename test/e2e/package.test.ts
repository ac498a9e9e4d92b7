import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { leftoversOf } from '../support/processes.js';
import { until } from '../support/until.js';

const BOT = `
import { createWakeful, DomainError, type IncomingMessage, type Status, type Wakeful } from 'wakeful';

const wakeful: Wakeful = await createWakeful({ settings: { dataDir: './data' }, listen: false });
wakeful.onMessage(async (message: IncomingMessage, { reply }) => void (await reply(String(message.body))));
wakeful.onClient((client) => client.on('call', (call) => call.reject()));
const status: Status = (await wakeful.sessions.get('shop')).status;
if (status === 'connected') throw new DomainError('session_not_found', 'never');
// @ts-expect-error what is no option is refused
await createWakeful({ listens: true });
`;

/** The package alone in a project of its own: what it needs and does not depend on is missing there. */
describe('the package', () => {
  const place = mkdtempSync(join(tmpdir(), 'wakeful-test-package-'));
  const project = join(place, 'project');
  const modules = join(project, 'node_modules');
  const temporary = join(place, 'tmp');
  const env = { ...process.env, NODE_OPTIONS: '', TMPDIR: temporary, WAKEFUL_PORT: '0' };
  const inProject = (program: string, ...args: string[]) =>
    spawnSync(program, args, { cwd: project, env, encoding: 'utf8' });

  beforeAll(() => {
    for (const folder of [join(modules, '.bin'), join(modules, 'wakeful'), join(modules, '@types'), temporary]) {
      mkdirSync(folder, { recursive: true });
    }
    // The build is there, and other tests use it.
    const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], { encoding: 'utf8' });
    expect(packed.status).toBe(0);
    const archive = join(place, packed.stdout.trim().split('\n').at(-1) ?? '');
    const unpacked = spawnSync('tar', ['xzf', archive, '-C', join(modules, 'wakeful'), '--strip-components=1']);
    expect(unpacked.status).toBe(0);
    // An installation from a registry would take minutes; this gives the same: the dependencies, and nothing else of ours.
    const { dependencies, bin } = manifest();
    for (const name of [...Object.keys(dependencies), '@types/node']) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(resolve('node_modules', name), join(modules, name));
    }
    symlinkSync(join('..', 'wakeful', bin.wakeful), join(modules, '.bin', 'wakeful'));
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  }, 60_000);
  afterAll(() => {
    expect(leftoversOf(place)).toEqual([]);
    rmSync(place, { recursive: true });
  });

  function manifest(): { version: string; dependencies: Record<string, string>; bin: { wakeful: string } } {
    return JSON.parse(readFileSync(join(modules, 'wakeful', 'package.json'), 'utf8'));
  }

  test('holds what runs, and neither tests nor benchmarks nor source maps', () => {
    const files = readdirSync(join(modules, 'wakeful'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['dist/cli.js', 'dist/dashboard/index.html', 'config/default.json']));
    expect(
      files.filter((name) => /\.map$|\.tsx?$|^(test|bench|src)\b|tools\/bench/.test(name.replace(/\.d\.ts$/, ''))),
    ).toEqual([]);
  });

  test('npx wakeful tells its version', () => {
    const { stdout, status } = inProject('npx', 'wakeful', '--version');
    expect({ stdout, status }).toEqual({ stdout: `${manifest().version}\n`, status: 0 });
  });

  test('a program in TypeScript has its types', () => {
    writeFileSync(join(project, 'bot.ts'), BOT);
    const options = { module: 'nodenext', target: 'es2023', strict: true, skipLibCheck: false, noEmit: true };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['bot.ts'] }));
    const { stdout } = inProject(process.execPath, resolve('node_modules/typescript/bin/tsc'), '-p', '.');
    // Ours are checked, too. Those of whatsapp-web.js have errors of their own, so programs need skipLibCheck.
    const errors = stdout.split('\n').filter((line) => line.includes('): error TS'));
    expect(errors.filter((line) => !line.includes('node_modules/whatsapp-web.js/index.d.ts('))).toEqual([]);
  }, 60_000);

  test('start keeps everything in the folder where it is said', async () => {
    const service = run(join(modules, '.bin', 'wakeful'), 'start');
    await until('it listens', 30_000, () => service.running().includes('Wakeful answers at'));
    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(existsSync(join(project, 'data', 'wakeful.db'))).toBe(true);
    expect(existsSync(join(project, '.wwebjs_auth'))).toBe(true);
    expect(readdirSync(join(modules, 'wakeful'))).not.toContain('data');
  }, 60_000);

  test('B09 npx wakeful demo connects its numbers, and Ctrl-C leaves nothing', async () => {
    const demo = run('npx', 'wakeful', 'demo');
    await until(
      'three numbers are connected',
      60_000,
      () => (demo.running().match(/WhatsApp Connected: /g) ?? []).length >= 3,
    );
    // As a terminal does it: to the whole group.
    process.kill(-(demo.child.pid ?? 0), 'SIGINT');
    // npx is gone at once; the demo closes its browsers.
    await until('everything is closed', 30_000, () => leftoversOf(place).length === 0);
    expect(demo.said()).toContain('Closing the browsers and cleaning up');
    expect(readdirSync(temporary)).toEqual([]);
  }, 90_000);

  interface Run {
    child: ChildProcess;
    said(): string;
    /** The same, but throws when it has ended. */
    running(): string;
    ended: Promise<number | null>;
  }

  function run(program: string, ...args: string[]): Run {
    const child = spawn(program, args, { cwd: project, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const running = () => {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}: ${said}`);
      return said;
    };
    return { child, said: () => said, running, ended };
  }
});
