import type { Command } from 'commander';

/** A command as the documentation shows it. */
export interface CommandReference {
  /** `sessions add` */
  path: string;
  /** `wakeful sessions add [options] <id>` */
  usage: string;
  description: string;
  /** Arguments and options with their meaning. */
  terms: { term: string; meaning: string }[];
}

/** Every command that does something, in the order of the help. */
export function referenceOf(command: Command, before = ''): CommandReference[] {
  const help = command.createHelp();
  return help.visibleCommands(command).flatMap((child) => {
    if (child.name() === 'help') return [];
    const path = `${before}${child.name()}`;
    if (child.commands.length > 0) return referenceOf(child, `${path} `);
    return [
      {
        path,
        usage: `wakeful ${before}${help.subcommandTerm(child)}`,
        description: child.description(),
        terms: [
          ...child.registeredArguments.map((one) => ({
            term: help.argumentTerm(one),
            meaning: help.argumentDescription(one),
          })),
          ...child.options.map((option) => ({ term: option.flags, meaning: help.optionDescription(option) })),
        ],
      },
    ];
  });
}

/** The options that every command takes. */
export function globalTermsOf(program: Command): CommandReference['terms'] {
  return program.options.map((option) => ({ term: option.flags, meaning: option.description }));
}
