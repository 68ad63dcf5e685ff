import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

const processes = new URL('../../../scripts/lib/processes.mjs', import.meta.url).href;

// As stubborn as a process can be: in a group of its own, deaf to SIGTERM, without its parent's pipes.
const grandchild = `
	process.on('SIGTERM', () => {});
	process.send('deaf');
	setInterval(() => {}, 1000);
`;

const runner = (afterwards: string) => `
	const { spawn } = require('node:child_process');
	const options = { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] };
	const child = spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], options);
	child.once('message', () => {
		child.disconnect();
		child.unref();
		console.log('ready');
		${afterwards}
	});
`;

const WAITS = 'setInterval(() => {}, 1000)';

/** A script with one stage, which leaves a process behind; `env` marks all of them. */
function startScript({ afterwards = WAITS, silenceLimitMs = 300_000 } = {}) {
	const mark = randomUUID();
	const code = `
		import { endWithSignals, run } from ${JSON.stringify(processes)};
		endWithSignals({ exitCode: 130 });
		const stage = ['-e', ${JSON.stringify(runner(afterwards))}];
		process.exitCode = await run(stage, { silenceLimitMs: ${silenceLimitMs} });
	`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
		env: { ...process.env, SIGNALBOX_FAMILY: '', SIGNALBOX_TEST: mark },
		stdio: ['ignore', 'pipe', 'inherit']
	});
	const ended = once(child, 'exit').then(([exitCode]: number[]) => exitCode);
	const ready = new Promise<void>((resolve) => {
		child.stdout.on('data', (chunk: Buffer) => {
			if (chunk.toString().includes('ready')) resolve();
		});
	});
	return { child, ready, ended, living: () => livingWith(`SIGNALBOX_TEST=${mark}`) };
}

function livingWith(variable: string): string[] {
	return readdirSync('/proc').filter((pid) => {
		try {
			return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(variable);
		} catch {
			return false; // no process, or it has just ended
		}
	});
}

async function expectNobodyLeft(living: () => string[]): Promise<void> {
	const giveUpAt = Date.now() + 60_000;
	while (living().length > 0 && Date.now() < giveUpAt) await sleep(50);
	expect(living()).toEqual([]);
}

describe.skipIf(process.platform !== 'linux').concurrent('a stage leaves no process behind', () => {
	it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
		'when the script gets %s',
		async (signal, { expect }) => {
			const { child, ready, ended, living } = startScript();
			await ready;
			child.kill(signal);
			expect(await ended).toBe(130);
			expect(living().length).toBeLessThanOrEqual(1); // the reaper, about to end
			await expectNobodyLeft(living);
		}
	);

	it('when the script is killed', async () => {
		const { child, ready, ended, living } = startScript();
		await ready;
		child.kill('SIGKILL');
		await ended;
		await expectNobodyLeft(living);
	});

	it('when nothing happens for too long', async ({ expect }) => {
		const { ended, living } = startScript({ silenceLimitMs: 1500 });
		expect(await ended).toBe(1);
		await expectNobodyLeft(living);
	});

	it('when its runner crashes', async ({ expect }) => {
		const { ended, living } = startScript({ afterwards: 'process.exit(7)' });
		expect(await ended).toBe(7);
		await expectNobodyLeft(living);
	});
});
