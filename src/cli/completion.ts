export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow each command, by its path; `''` is the program itself. */
export type Words = readonly (readonly [path: string, words: readonly string[]])[];

/** A script for the shell that completes `wakeful`. The words are ours: letters and dashes, nothing to quote. */
export function completionScript(shell: Shell, words: Words): string {
  switch (shell) {
    case 'bash':
      return `${walk(words, `"\${COMP_WORDS[@]:1:COMP_CWORD-1}"`)}
_wakeful() {
  _wakeful_words
  COMPREPLY=($(compgen -W "$_wakeful_found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _wakeful wakeful
`;
    case 'zsh':
      return `#compdef wakeful
${walk(words, `"\${(@)words[2,CURRENT-1]}"`)}
_wakeful() {
  _wakeful_words
  compadd -- \${(z)_wakeful_found}
  _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _wakeful wakeful
`;
    case 'fish':
      return fish(words);
    default:
      return shell satisfies never;
  }
}

/** The part that bash and zsh share: which command the words before the cursor name, and what may follow it. */
function walk(words: Words, before: string): string {
  const paths = words.filter(([path]) => path !== '').map(([path]) => `"${path}"`);
  return `_wakeful_words() {
  local at="" word
  for word in ${before}; do
    case "\${at:+$at }$word" in
      ${paths.join('|')}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${words.map(([path, found]) => `    "${path}") _wakeful_found="${found.join(' ')}" ;;`).join('\n')}
  esac
}`;
}

function fish(words: Words): string {
  const lines = words.map(([path, found]) => {
    const seen = path.split(' ').filter((name) => name !== '');
    const deeper = words
      .filter(([other]) => other !== path && (path === '' || other.startsWith(`${path} `)))
      .map(([other]) => other.split(' ')[seen.length]);
    const conditions = [
      ...seen.map((name) => `__fish_seen_subcommand_from ${name}`),
      ...(deeper.length === 0 ? [] : [`not __fish_seen_subcommand_from ${[...new Set(deeper)].join(' ')}`]),
    ];
    return `complete -c wakeful -n '${conditions.join('; and ')}' -a '${found.join(' ')}'`;
  });
  return `${lines.join('\n')}\n`;
}
