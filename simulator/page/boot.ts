import type { BootSettings } from '../frame.js';
import { bootWork } from './boot-work.js';
import { chatModules } from './chat-modules.js';
import { ConnModel } from './conn-model.js';
import { contactModules } from './contact-modules.js';
import { Emitter } from './emitter.js';
import { lifeModules } from './life-modules.js';
import { mediaModules } from './media-modules.js';
import { createMsgKeyClass } from './msg-key.js';
import type { PageContext } from './page-context.js';
import type { PageParts } from './page-parts.js';
import { Session } from './session.js';
import { SocketModel } from './socket-model.js';
import { Store } from './store.js';
import { Vault } from './vault.js';

/** The build is in the HTML, so that a page kept from an earlier build stays of that build, as with the real one. */
function buildOfThisPage(): string {
  return document.querySelector('meta[name="build"]')?.getAttribute('content') ?? '2.3000.0';
}

/** Keeps a reference, so that the garbage collector leaves the ballast alone. */
function heapBallast(megabytes: number): unknown[] {
  return Array.from({ length: megabytes }, (_, index) => new Array(131_072).fill(index + 0.5));
}

async function start(): Promise<void> {
  const build = buildOfThisPage();
  const boot = (await (await fetch(`/boot?build=${build}`)).json()) as BootSettings;
  await new Promise((resolve) => setTimeout(resolve, boot.loadDelayMs));
  await bootWork(boot.bootCpuMs);
  if (boot.broken || (boot.refusesHeadlessShell && !('chrome' in window))) return;

  const parts: PageParts = {
    build,
    boot,
    vault: await Vault.open(),
    store: new Store(createMsgKeyClass(build)),
    socket: new SocketModel(),
    conn: new ConnModel(),
    cmd: new Emitter(),
    reactions: { bulkUpsert: () => undefined },
  };
  const page: PageContext = { ...parts, session: new Session(parts) };
  const modules: Record<string, unknown> = {
    ...lifeModules(page),
    ...chatModules(page),
    ...contactModules(page),
    ...mediaModules(),
  };
  Object.assign(window, {
    require: (name: string): unknown => {
      if (!(name in modules)) throw new Error(`Requiring unknown module "${name}"`);
      return modules[name];
    },
    Debug: { VERSION: build },
    simulatorBallast: heapBallast(boot.heapBallastMb),
  });
  document.title = 'WhatsApp';
  await page.session.start();
}

void start();
