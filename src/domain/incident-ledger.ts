import {
  describeEnd,
  type Incident,
  type IncidentChange,
  type IncidentKind,
  type IncidentOpening,
  type KnownKind,
  type Standing,
} from './incident.js';
import { type Reason, reasonEntry } from './reason.js';

interface Entry {
  readonly incident: Incident;
  /** When somebody was last found to be affected, milliseconds since 1970. */
  readonly affectedAt: number;
  /** Somebody reported it who will close it; nobody did of an outage, and of what an earlier run left open. */
  readonly owned: boolean;
}

interface Loss {
  readonly sessionId: string;
  readonly reason: Reason;
  readonly at: number;
}

/** The incidents that are open or were closed lately, and the losses that may yet become one. */
export interface IncidentLedger {
  readonly entries: readonly Entry[];
  readonly losses: readonly Loss[];
}

/** What decisions about incidents depend on. */
export interface IncidentContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Id of the incident that this step may open. */
  readonly newId: string;
  readonly standingOf: (sessionId: string) => Standing;
  /** From `minSessions` losses within `windowMs` on it is an outage; as long a closed incident may be opened again. */
  readonly policy: { readonly windowMs: number; readonly minSessions: number };
}

/** What is to be told of a step; `newcomers` are affected from now on. */
export interface IncidentNews {
  readonly incident: Incident;
  readonly change: IncidentChange;
  readonly newcomers: readonly string[];
}

/** The next ledger, and what is to be told. */
export interface LedgerStep {
  ledger: IncidentLedger;
  news: readonly IncidentNews[];
}

/** The ledger after a start of the service: `incidents` are those that the run before left open. */
export function takenUp(incidents: readonly Incident[]): IncidentLedger {
  return {
    entries: incidents.map((incident) => ({ incident, affectedAt: incident.openedAt, owned: false })),
    losses: [],
  };
}

/** A connected session was lost. It belongs to the incident that explains it; without one it may be an outage. */
export function afterLoss(
  ledger: IncidentLedger,
  { sessionId, reason }: { sessionId: string; reason: Reason },
  context: IncidentContext,
): LedgerStep {
  const { now, policy, standingOf } = context;
  const cause = ledger.entries.find((entry) => isOpen(entry) && explainsLoss(entry.incident, sessionId, reason));
  if (cause) return admit(ledger, cause, [sessionId], context);
  const outage = { key: reason, reason, message: `Several sessions were lost. ${reasonEntry(reason).sentence}` };
  const isKnown = find(ledger, 'outage', reason, context) !== undefined;
  if (isKnown) return begin(ledger, 'outage', { ...outage, sessionIds: [sessionId] }, context);

  const others = ledger.losses.filter((loss) => now - loss.at < policy.windowMs && loss.sessionId !== sessionId);
  const losses = [...others, { sessionId, reason, at: now }];
  // What a session has survived by itself before the next one is lost is no outage.
  const alike = losses.filter((loss) => loss.reason === reason && isGone(standingOf(loss.sessionId)));
  const next = { ...ledger, losses };
  if (alike.length < policy.minSessions) return { ledger: next, news: [] };
  return begin(next, 'outage', { ...outage, sessionIds: alike.map((loss) => loss.sessionId) }, context);
}

/** Somebody reports a cause that sessions share. An outage that it explains becomes this incident, or ends as part of it. */
export function afterReport(
  ledger: IncidentLedger,
  kind: KnownKind,
  opening: IncidentOpening,
  context: IncidentContext,
): LedgerStep {
  const { sessionIds, ...told } = opening;
  const explained = ledger.entries.filter((entry) => explainsOutage(kind, opening, entry, context));
  const known = find(ledger, kind, opening.key, context);
  const outage = known && isOpen(known) ? undefined : explained[0];
  const understood = outage && { ...outage, incident: { ...outage.incident, ...told, kind }, owned: true };
  // That the cause is known by now is news, also when nobody joins.
  const step = understood
    ? admit(ledger, understood, sessionIds, context, 'joined')
    : begin(ledger, kind, opening, context);
  const others = explained.filter((entry) => entry !== outage);
  return endAll(step, others, `It has the same cause: ${opening.message}`, context);
}

/** More sessions are found to suffer from a cause that was reported. */
export function afterJoin(
  ledger: IncidentLedger,
  kind: KnownKind,
  key: string,
  sessionIds: readonly string[],
  context: IncidentContext,
): LedgerStep {
  const known = find(ledger, kind, key, context);
  if (!known || !isOpen(known)) return { ledger, news: [] };
  return admit(ledger, { ...known, owned: true }, sessionIds, context);
}

/** A cause that was reported is gone; `words` is a sentence on how. */
export function afterCause(
  ledger: IncidentLedger,
  kind: KnownKind,
  key: string,
  words: string,
  context: IncidentContext,
): LedgerStep {
  const known = find(ledger, kind, key, context);
  return known && isOpen(known) ? end(ledger, known, words, context) : { ledger, news: [] };
}

/** Closes what is over and forgets what is too old to matter. */
export function afterLook(ledger: IncidentLedger, context: IncidentContext): LedgerStep {
  const entries = ledger.entries.filter((entry) => isOpenOrRecent(entry, context));
  const over = entries.filter((entry) => isOver(entry, context));
  return endAll({ ledger: { ...ledger, entries }, news: [] }, over, null, context);
}

const isOpen = ({ incident }: Entry) => incident.closedAt === null;

function isOpenOrRecent({ incident: { closedAt } }: Entry, { now, policy }: IncidentContext): boolean {
  return closedAt === null || now - closedAt < policy.windowMs;
}

const isGone = (standing: Standing) => standing === 'out' || standing === 'needs_person';

/** How a new version of WhatsApp Web shows: the page loads itself again, or WhatsApp calls the one that runs too old. */
const BY_VERSION: readonly Reason[] = ['page_reloaded', 'outdated'];

/** The network's incident names whoever waits behind that way out; a version of WhatsApp Web meets everybody. */
function explainsLoss({ kind, sessionIds }: Incident, sessionId: string, reason: Reason): boolean {
  if (kind === 'network_down') return sessionIds.includes(sessionId);
  return kind === 'web_version' && BY_VERSION.includes(reason);
}

/** Everybody in the outage who can still come back suffers from this cause. */
function explainsOutage(
  kind: KnownKind,
  opening: IncidentOpening,
  entry: Entry,
  { standingOf }: IncidentContext,
): boolean {
  const { incident } = entry;
  if (incident.kind !== 'outage' || !isOpen(entry)) return false;
  if (kind === 'web_version' && BY_VERSION.includes(incident.reason)) return true;
  const isNamed = (id: string) => opening.sessionIds.includes(id);
  const cannotReturn = (id: string) => ['needs_person', 'at_rest'].includes(standingOf(id));
  return incident.sessionIds.some(isNamed) && incident.sessionIds.every((id) => isNamed(id) || cannotReturn(id));
}

function isOver({ incident, affectedAt, owned }: Entry, { now, policy, standingOf }: IncidentContext): boolean {
  if (incident.closedAt !== null || (owned && incident.kind === 'web_version')) return false;
  const standings = incident.sessionIds.map(standingOf);
  // Nobody else is left who could say that the cause is gone.
  if (!owned && incident.kind !== 'outage' && standings.includes('back')) return true;
  if (standings.includes('out')) return false;
  // Sessions that give up at once, one after the other, are one incident and not one each.
  return !standings.includes('needs_person') || now - affectedAt >= policy.windowMs;
}

/** The incident of this kind and key that is open, or was closed so lately that it may be opened again. */
function find(
  { entries }: IncidentLedger,
  kind: IncidentKind,
  key: string,
  context: IncidentContext,
): Entry | undefined {
  // The last one: others of its kind and key are closed.
  return entries.findLast(
    (entry) => entry.incident.kind === kind && entry.incident.key === key && isOpenOrRecent(entry, context),
  );
}

/** Joins the sessions to the incident of this kind and key; opens it again when it was closed, or a new one. */
function begin(
  ledger: IncidentLedger,
  kind: IncidentKind,
  { sessionIds, ...told }: IncidentOpening,
  context: IncidentContext,
): LedgerStep {
  const { now, newId } = context;
  const owned = kind !== 'outage';
  const known = find(ledger, kind, told.key, context);
  if (known && isOpen(known)) return admit(ledger, { ...known, owned }, sessionIds, context);
  const incident: Incident = known
    ? { ...known.incident, ...told, closedAt: null }
    : { id: newId, kind, ...told, openedAt: now, closedAt: null, sessionIds: [] };
  return admit(ledger, { incident, affectedAt: now, owned }, sessionIds, context, 'opened');
}

/** The sessions join the incident and are accounted for. Without a `change` it is news only when somebody is new in it. */
function admit(
  { entries, losses }: IncidentLedger,
  entry: Entry,
  sessionIds: readonly string[],
  { now }: IncidentContext,
  change?: IncidentChange,
): LedgerStep {
  const newcomers = [...new Set(sessionIds)].filter((id) => !entry.incident.sessionIds.includes(id));
  const incident = { ...entry.incident, sessionIds: [...entry.incident.sessionIds, ...newcomers] };
  const isNews = change !== undefined || newcomers.length > 0;
  return {
    ledger: {
      entries: withEntry(entries, { ...entry, incident, affectedAt: now }),
      losses: losses.filter(({ sessionId }) => !sessionIds.includes(sessionId)),
    },
    news: isNews ? [{ incident, change: change ?? 'joined', newcomers }] : [],
  };
}

function end(ledger: IncidentLedger, entry: Entry, words: string | null, context: IncidentContext): LedgerStep {
  const { now, standingOf } = context;
  const sentences = [entry.incident.message, words, describeEnd(entry.incident, now, standingOf)];
  const message = sentences.filter((sentence) => sentence !== null).join(' ');
  const incident: Incident = { ...entry.incident, closedAt: now, message };
  return {
    ledger: { ...ledger, entries: withEntry(ledger.entries, { ...entry, incident }) },
    news: [{ incident, change: 'closed', newcomers: [] }],
  };
}

function endAll(
  before: LedgerStep,
  entries: readonly Entry[],
  words: string | null,
  context: IncidentContext,
): LedgerStep {
  return entries.reduce((step, entry) => {
    const { ledger, news } = end(step.ledger, entry, words, context);
    return { ledger, news: [...step.news, ...news] };
  }, before);
}

function withEntry(entries: readonly Entry[], entry: Entry): Entry[] {
  return [...entries.filter(({ incident }) => incident.id !== entry.incident.id), entry];
}
