import { toErrorData } from '../engine/errors.ts';
import { sentence } from '../engine/sentence.ts';
import { commands, describeCommands, describeUsage } from './commands/command-list.ts';
import { badArgument } from './input/arguments.ts';
import { sayOn } from './own-words.ts';
import { ownChannel, runApart, saidFailure } from './run-apart.ts';

/**
 * JSON on standard output, or the help that was asked for; a failure is {"error": ...} there too, and a non-zero exit. A
 * command may set the exit code.
 */
async function main(): Promise<number> {
  const [name, ...argv] = process.argv.slice(2);
  try {
    if (name === '--help') {
      await write(describeCommands());
      return 0;
    }
    const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (name === undefined || !command) {
      process.stderr.write(describeCommands());
      throw badArgument(
        name === undefined
          ? sentence`command-is-missing: A command is missing.`
          : sentence`no-such-command: There is no command "${{ command: name }}".`,
      );
    }
    if (argv[0] === '--help') {
      await write(describeUsage(name));
      return 0;
    }
    const result = await command.run(argv);
    if (result !== undefined) await write(`${JSON.stringify(result)}\n`);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    await write(`${JSON.stringify({ error: toErrorData(error) })}\n`);
    return 1;
  }
}

function write(text: string): Promise<void> {
  return new Promise(resolve => process.stdout.write(text, () => resolve()));
}

if (ownChannel === undefined) {
  process.exit(await runApart(process.argv.slice(1)));
} else {
  sayOn(ownChannel);
  // Dawn keeps the event loop alive.
  process.exit((await main()) === 0 ? 0 : saidFailure);
}
