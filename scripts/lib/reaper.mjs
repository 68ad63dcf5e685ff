// Ends what a script started, once that script is gone. It notices by its standard input, a pipe
// from the script, which closes however the script ends: a crash and kill -9 included.
import { endFamily } from './family.mjs';

/** @type {Set<number>} */
const groups = new Set();
let rest = '';
for await (const chunk of process.stdin.setEncoding('utf8')) {
	const lines = (rest + chunk).split('\n');
	rest = lines.pop() ?? '';
	for (const line of lines) {
		const pid = Number(line.slice(1));
		if (line.startsWith('+')) groups.add(pid);
		else groups.delete(pid);
	}
}
await endFamily({ mark: process.argv[2] ?? '', groups });
