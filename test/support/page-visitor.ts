import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { findBrowser } from '../../src/adapters/chromium/browser-finder.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE_MS = 20_000;

export interface Look {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
}

/** Somebody with a browser, who looks at the web page. */
export class PageVisitor {
  readonly #browser: Browser;
  readonly page: Page;
  /** What the page complained of: errors, and everything that the CSP refused. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async start(): Promise<PageVisitor> {
    const found = findBrowser({ executablePath: null, engine: 'auto' });
    if (found === null) throw new Error('There is no browser on this machine: npm run browser');
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const browser = await puppeteer.launch({ executablePath: found.path, args, headless: 'shell' });
    return new PageVisitor(browser, await browser.newPage());
  }

  async look({ width = 1280, height = 800, scheme = 'light' }: Look): Promise<void> {
    await this.page.setViewport({ width, height });
    await this.page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
  }

  /** Signs in with the keyboard, as people do. */
  async signIn(url: string, key: string): Promise<void> {
    await this.page.goto(url);
    await this.type('API key', key);
    await this.page.keyboard.press('Enter');
  }

  /** Into the field with that label. */
  async type(label: string, text: string): Promise<void> {
    const field = this.page.locator(`::-p-aria([name="${label}"][role="textbox"])`).setTimeout(PATIENCE_MS);
    await field.fill(text);
  }

  /** The button that is called so. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(PATIENCE_MS).click();
  }

  async follow(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="link"])`).setTimeout(PATIENCE_MS).click();
  }

  /** Resolves when these words stand in that part of the page. */
  async sees(words: string, within = 'body', withinMs = PATIENCE_MS): Promise<void> {
    const stands = (selector: string, text: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].some((element) => element.textContent.includes(text));
    await this.page.waitForFunction(stands, { timeout: withinMs, polling: 50 }, within, words).catch(async () => {
      throw new Error(`"${words}" did not come to stand in ${within}:\n${await this.text()}`);
    });
  }

  text(): Promise<string> {
    return this.page.evaluate(() => document.body.textContent ?? '');
  }

  buttons(): Promise<string[]> {
    return this.page.$$eval('button', (buttons) => buttons.map((button) => button.textContent.trim()));
  }

  /** What keeps people with disabilities from using it, serious and critical, by axe-core. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const { violations } = await axe.run(document);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
        );
    });
  }

  /** Pixels that stick out at the right, so that the page would have to be pushed about. */
  overhang(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}
