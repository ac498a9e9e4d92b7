/** Says what went wrong, also to those who do not see it. Stays in the page, so that it is read out when it fills. */
export function Trouble({ words }: { words: string | null }) {
  return (
    <div role="alert" class={words === null ? '' : 'trouble'}>
      {words}
    </div>
  );
}
