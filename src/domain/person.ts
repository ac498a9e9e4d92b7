/** Who wrote: `from` is a phone number's id (`…@c.us`) wherever somebody knows it, and the LID otherwise. */
export interface Person {
  from: string;
  fromLid: string | null;
}

/** `user:device@server` names one device of a person; the person is meant. */
export function withoutDevice(id: string): string {
  return id.replace(/:\d+@/, '@');
}

export const isLid = (id: string): boolean => id.endsWith('@lid');
const isPhone = (id: string): boolean => id.endsWith('@c.us');

/**
 * The person behind all the ids by which a message names its writer, in the order of their weight: a number among them
 * counts before any LID. Null when none of them is an id of a person.
 */
export function personOf(ids: readonly (string | null | undefined)[]): Person | null {
  const people = ids.flatMap((id) => (typeof id === 'string' ? [withoutDevice(id)] : []));
  const fromLid = people.find(isLid) ?? null;
  const from = people.find(isPhone) ?? fromLid;
  return from === null ? null : { from, fromLid };
}

/** The person with the number that was found out for the LID; as before when nobody knows it, or it is known already. */
export function withNumber<P extends Person>(person: P, phone: string | null): P {
  return phone === null || !isLid(person.from) ? person : { ...person, from: withoutDevice(phone) };
}
