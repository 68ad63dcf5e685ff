// One fault suite from its seed to its verdict.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Api } from './api';
import { Chronicle } from './chronicle';
import { Links } from './links';
import { FAULT_KINDS, planOf } from './plan';
import { Server, type ServerOptions } from './server';
import { Suite, type Outcome } from './suite';
import { Viewer } from './viewer';
import { Wire } from './wire';

export type Options = {
	seed: number;
	runs: number;
	faults: number;
	/** Print every fault as it happens. */
	aloud: boolean;
	/** How `wrangler dev` is started on the bundled fault Worker. */
	command: ServerOptions['command'];
	/** Called with what ends the server, should the suite be ended from outside. */
	onServer: (kill: () => Promise<void>) => void;
};

/** Runs the suite; resolves with whether nothing differed. */
export async function main(options: Options): Promise<boolean> {
	const { seed, runs, faults, command } = options;
	const plan = planOf({ seed, runs, faults });
	console.log(`Seed ${seed}: ${runs} runs, ${faults} faults.`);
	const began = Date.now();
	const home = await mkdtemp(path.join(tmpdir(), 'signalbox-faults-'));
	const log = path.join(home, 'server.log');
	const links = new Links();
	const server = await Server.start({ command, stateDir: path.join(home, 'state'), log });
	options.onServer(() => server.stop());
	const wire = new Wire(server);
	const origin = await wire.listen();
	const viewers = [
		new Viewer(origin, { all: { kind: 'runs', query: { limit: 100 } } }),
		new Viewer(origin, {
			restless: {
				kind: 'runs',
				query: { q: '-status:complete', order: 'updated:desc', limit: 50 }
			},
			queue: { kind: 'approvals', query: { status: 'pending' } }
		}),
		new Viewer(origin, {
			refunds: { kind: 'runs', query: { q: 'workflow:REFUND', order: 'finished:desc', limit: 25 } },
			activity: { kind: 'activity' }
		})
	];
	try {
		const chronicle = new Chronicle(options.aloud);
		const world = { api: new Api(server), server, wire, viewers, chronicle };
		const outcome = await new Suite(plan, world, await links.listen()).run();
		print(outcome, { seed, wallMs: Date.now() - began });
		const isGood = outcome.wrong.length + outcome.views.length === 0;
		if (isGood && !options.aloud) await rm(home, { recursive: true, force: true });
		if (!isGood || options.aloud) console.log(`What the server said is in ${log}.`);
		return isGood;
	} finally {
		for (const viewer of viewers) viewer.close();
		wire.close();
		links.close();
		await server.stop();
	}
}

function print(outcome: Outcome, { seed, wallMs }: { seed: number; wallMs: number }): void {
	const { runs, inflicted, missed, wrong, views, connections, seconds } = outcome;
	for (const { key, differences, faults } of wrong) {
		console.log(`\n${key}`);
		for (const difference of differences) console.log(`  ${difference}`);
		for (const fault of faults) console.log(`      ${fault}`);
	}
	for (const difference of views) console.log(`\n${difference}`);
	const byKind = FAULT_KINDS.flatMap((kind) => {
		const count = inflicted.get(kind);
		return count === undefined ? [] : [`${kind} ${count}`];
	});
	const total = [...inflicted.values()].reduce((sum, count) => sum + count, 0);
	console.log(`faults: ${total} (${byKind.join(', ')})`);
	for (const why of missed) console.log(`  not inflicted: ${why}`);
	console.log(`viewers: connected ${connections} times`);
	const parts = `faults ${seconds.faults.toFixed(1)}, rest ${seconds.rest.toFixed(1)}, comparison ${seconds.compare.toFixed(1)}`;
	console.log(`wall time: ${(wallMs / 1000).toFixed(1)} s (${parts})`);
	const found = wrong.reduce((sum, { differences }) => sum + differences.length, views.length);
	console.log(`runs compared: ${runs}, differences: ${found}, seed: ${seed}`);
}
