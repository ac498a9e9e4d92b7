import { z } from 'zod';

const MAX_PAGE = 500;
const DEFAULT_PAGE = 100;

export const sessionIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"')
  .describe('Id of the session');

export const sessionParams = z.object({ id: sessionIdSchema });

const limit = z.coerce
  .number('expected a whole number from 1 to 500')
  .int('expected a whole number from 1 to 500')
  .min(1, 'expected a whole number from 1 to 500')
  .max(MAX_PAGE, 'expected a whole number from 1 to 500');

/** `?after=&limit=` over a list with numbered entries. */
export const pageQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'expected the `next` of the page before')
    .transform(Number)
    .default(0)
    .describe('`next` of the page before'),
  limit: limit.default(DEFAULT_PAGE),
});

/** `?after=&limit=` over a list that is given whole unless a limit is set. */
export const wholeListQuery = z.object({
  after: z.string().max(200).exactOptional().describe('`next` of the page before'),
  limit: limit.exactOptional().describe('Absent: the whole list'),
});

/**
 * A name that people give. Half of a surrogate pair is refused: SQLite keeps UTF-8, which has no form for it, and after
 * a restart the name would be another one.
 */
export const nameSchema = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !/\p{Surrogate}/u.test(text), 'expected well-formed Unicode, but half of a surrogate pair came');

const PHONE_HINT = 'expected 7 to 15 digits with the country code; a leading "+", spaces and dashes are fine';

function toDigits(text: string): string | null {
  const digits = text.replace(/^\s*\+/, '').replace(/[ ()-]/g, '');
  return /^[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

/** A phone number as people write it, given on as digits. */
export const phoneNumberSchema = z
  .string()
  .max(40, PHONE_HINT)
  .transform((text, context) => {
    const digits = toDigits(text);
    if (digits !== null) return digits;
    context.addIssue({ code: 'custom', message: PHONE_HINT });
    return z.NEVER;
  })
  .describe('Phone number with its country code');

const CHAT_ID = /^[\d-]{1,64}@(c\.us|g\.us|lid)$/;
const RECIPIENT_HINT =
  'expected a phone number of 7 to 15 digits with the country code (a leading "+", spaces and dashes are fine), ' +
  'or a full chat id such as 491511234567@c.us, …@g.us or …@lid';

/** Whom a message goes to, given on as a chat id. */
export const recipientSchema = z
  .string()
  .max(100, RECIPIENT_HINT)
  .transform((text, context) => {
    const trimmed = text.trim();
    if (CHAT_ID.test(trimmed)) return trimmed;
    const digits = toDigits(trimmed);
    if (digits !== null) return `${digits}@c.us`;
    context.addIssue({ code: 'custom', message: RECIPIENT_HINT });
    return z.NEVER;
  })
  .describe('Phone number with its country code, or a chat id: …@c.us, …@g.us, …@lid');
