import { beforeEach, describe, expect, it } from 'vitest';
import { Outbox, type OutboxEntry } from '../../../../../src/lib/agent/monitor/store/outbox';
import { memorySql } from '../../../support/sqlite';

/** A send that the test ends: with an acknowledgement or a failure. */
type Sent = { entries: OutboxEntry[]; acknowledge: () => void; fail: () => void };

describe('the outbox', () => {
	const sent: Sent[] = [];
	const retries: number[] = [];
	let outbox: Outbox;

	beforeEach(() => {
		sent.length = 0;
		retries.length = 0;
		outbox = new Outbox(
			// It speaks the few words of a Durable Object's SQL that the outbox does.
			memorySql() as unknown as SqlStorage,
			(entries) => {
				const { promise, resolve, reject } = Promise.withResolvers<undefined>();
				const fail = () => reject(new Error('away'));
				sent.push({ entries, acknowledge: () => resolve(undefined), fail });
				return promise;
			},
			(atMs) => retries.push(atMs)
		);
		outbox.migrate();
	});

	const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
	const keys = (batch: Sent | undefined) => batch?.entries.map(({ key }) => key);

	async function isDone(work: Promise<void>): Promise<boolean> {
		return Promise.race([work.then(() => true), turn().then(() => false)]);
	}

	it('sends at once, and what was marked meanwhile with the next', async () => {
		outbox.mark('run', 'a', 1);
		const flushed = outbox.flush();
		outbox.mark('run', 'b', 2);
		sent[0]?.acknowledge();
		await turn();
		expect(sent.map(keys)).toEqual([['a'], ['b']]);
		sent[1]?.acknowledge();
		await flushed;
		expect(outbox.retryAt()).toBeNull();
	});

	it('sends again what changed while it was on its way', async () => {
		outbox.mark('run', 'a', 1);
		void outbox.flush();
		outbox.mark('run', 'a', 2);
		sent[0]?.acknowledge();
		await turn();
		expect(sent[1]?.entries).toEqual([{ kind: 'run', key: 'a', version: 2 }]);
	});

	it('tells when what is marked now has arrived, however much is marked after it', async () => {
		outbox.mark('run', 'busy', 1);
		void outbox.flush();
		outbox.mark('run', 'mine', 2);
		const arrived = outbox.sent();
		for (let version = 3; version < 6; version += 1) {
			expect(await isDone(arrived)).toBe(version > 4);
			outbox.mark('run', 'busy', version);
			sent.at(-1)?.acknowledge();
			await turn();
		}
		expect(await isDone(outbox.flush())).toBe(false);
	});

	it('does not take a batch that left before for the arrival of what was marked after', async () => {
		outbox.mark('run', 'mine', 1);
		void outbox.flush();
		outbox.mark('run', 'mine', 2);
		const arrived = outbox.sent();
		sent[0]?.acknowledge();
		expect(await isDone(arrived)).toBe(false);
		sent[1]?.acknowledge();
		expect(await isDone(arrived)).toBe(true);
	});

	it('does not wait for an Operations agent that is away', async () => {
		outbox.mark('run', 'a', 1);
		const arrived = outbox.sent();
		sent[0]?.fail();
		expect(await isDone(arrived)).toBe(true);
		expect(retries).toHaveLength(1);
		expect(await isDone(outbox.sent())).toBe(true);
		expect(sent).toHaveLength(1);
	});

	it('sends what has waited longest first', async () => {
		for (let at = 0; at < 150; at += 1) outbox.mark('run', `key-${at}`, 150 - at);
		void outbox.flush();
		expect(sent[0]?.entries).toHaveLength(100);
		expect(keys(sent[0])?.[0]).toBe('key-149');
		await turn();
	});
});
