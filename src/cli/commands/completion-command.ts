import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell, type Words } from '../completion.js';
import type { World } from '../world.js';

/** `completion`: what a shell needs to complete our commands. */
export function addCompletionCommand(program: Command, world: World): void {
  program
    .command('completion')
    .description('a script that lets the shell complete commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      '\nbash: eval "$(npx wakeful completion bash)" in ~/.bashrc\n' +
        'zsh:  eval "$(npx wakeful completion zsh)" in ~/.zshrc\n' +
        'fish: npx wakeful completion fish > ~/.config/fish/completions/wakeful.fish',
    )
    .action((shell: Shell) => world.out(completionScript(shell, wordsOf(program))));
}

/** What may follow each command: its commands and options, by its path (`""`, `sessions`, `sessions add`). */
function wordsOf(program: Command): Words {
  const globals = program.options.flatMap(({ long }) => long ?? []);
  const collect = (command: Command, path: string): [string, string[]][] => {
    const children = command.commands.filter((child) => child.name() !== 'help');
    const own = command === program ? [] : command.options.flatMap(({ long }) => long ?? []);
    const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
    const words = [...children.map((child) => child.name()), ...choices, ...own, ...globals, '--help'];
    return [
      [path, words],
      ...children.flatMap((child) => collect(child, path === '' ? child.name() : `${path} ${child.name()}`)),
    ];
  };
  return collect(program, '');
}
