import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { knownMetrics } from './support/fake-meters.js';

const RULES = 'monitoring/alerts.yml';
/** What Prometheus itself says of a target. */
const OF_PROMETHEUS = ['up'];

const dashboardSchema = z.looseObject({
  uid: z.literal('wakeful'),
  panels: z.array(
    z.looseObject({
      id: z.int(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.looseObject({ expr: z.string().min(1) })).default([]),
    }),
  ),
});

/** Names of metrics in an expression: what is no function, keyword, label or variable. */
function metricsIn(expression: string): string[] {
  const bare = expression.replace(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|without)\s*\([^)]*\)|"[^"]*"/g, ' ');
  return [...bare.matchAll(/[a-z_][a-z0-9_]*(?!\w|\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => name.includes('_') || name === 'up');
}

/** The rules as the file has them; promtool reads it as the YAML that it is. */
function rules() {
  const [, ...blocks] = readFileSync(RULES, 'utf8').split(/^ {6}- alert: /m);
  return blocks.map((block) => {
    const field = (name: string) => new RegExp(`^ +${name}: (.+)$`, 'm').exec(block)?.[1] ?? '';
    const alert = block.split('\n')[0] ?? '';
    return {
      alert,
      ...{ expr: field('expr'), severity: field('severity') },
      words: [field('summary'), field('description')],
    };
  });
}

describe('what comes for Prometheus and Grafana', () => {
  let known: Set<string>;
  beforeAll(async () => {
    known = new Set([...(await knownMetrics()), ...OF_PROMETHEUS]);
  });
  const unknown = (expressions: string[]) => expressions.flatMap(metricsIn).filter((name) => !known.has(name));
  const dashboard = () => dashboardSchema.parse(JSON.parse(readFileSync('monitoring/grafana-dashboard.json', 'utf8')));
  const queries = () => dashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  test('names no metric that is not there', () => {
    expect(unknown(rules().map(({ expr }) => expr))).toEqual([]);
    expect(unknown(queries())).toEqual([]);
  });

  test('is looked through for names as it should be', () => {
    expect(metricsIn('histogram_quantile(0.9, sum by (le) (rate(a_bucket{x="y_z"}[1h]))) > b_c')).toEqual([
      'a_bucket',
      'b_c',
    ]);
    expect(unknown(['wakeful_no_such > 1'])).toEqual(['wakeful_no_such']);
  });

  test('leaves no metric of ours without a use', () => {
    const used = new Set([...rules().map(({ expr }) => expr), ...queries()].flatMap(metricsIn));
    const ours = [...known].filter((name) => name.startsWith('wakeful_') && !/_(sum|count)$/.test(name));
    expect(ours.filter((name) => !used.has(name) && name !== 'wakeful_info')).toEqual([]);
  });

  test('has for every alert an expression, a severity, words, and a line in the documentation', () => {
    const docs = readFileSync('docs/monitoring.md', 'utf8');
    expect(rules().length).toBeGreaterThan(10);
    for (const { alert, expr, severity, words } of rules()) {
      expect(alert).toMatch(/^Wakeful\w+$/);
      expect([alert, expr, severity]).toEqual([
        alert,
        expect.stringMatching(/./),
        expect.stringMatching(/^(warning|critical)$/),
      ]);
      expect([alert, words.every((text) => text.length > 10)]).toEqual([alert, true]);
      expect([alert, docs.includes(`| \`${alert}\``)]).toEqual([alert, true]);
    }
  });

  test('has panels that do not overlap', () => {
    const { panels } = dashboard();
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)} ${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
  test('is taken by promtool, where it is there', () => {
    const judged = hasPromtool
      ? [
          ['check', 'rules', RULES],
          ['test', 'rules', 'monitoring/alerts.test.yml'],
        ].map((args) => {
          const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
          return status === 0 ? '' : stdout + stderr;
        })
      : [];
    expect(judged.filter((words) => words !== '')).toEqual([]);
  });
});
