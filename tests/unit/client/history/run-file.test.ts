import { describe, expect, it } from 'vitest';
import { Requests } from '../../../../src/lib/client/requests';
import {
	gatherRunFile,
	modelOfFile,
	requestsOfFile
} from '../../../../src/lib/client/history/run-file';
import type { RunModel } from '../../../../src/lib/client/live/run-model';
import {
	problem,
	readRunFile,
	toRunRow,
	type Answer,
	type RunFile
} from '../../../../src/lib/protocol';
import { historyOf } from '../../support/histories';
import { aRun, NOW } from '../../support/runs';

const run = aRun({ generation: 2, params: { text: 'whole' } });
const former = historyOf({ type: 'workflow_started' }, { type: 'workflow_terminated' });
const present = historyOf({ type: 'workflow_started' });

/** The page's model, with what was cut for it. */
const model: RunModel = {
	run: { ...run, params: { $omitted: { bytes: 300_000 } } },
	exact: true,
	events: [],
	children: [],
	ancestors: [],
	approvals: [],
	held: null,
	trail: [],
	gone: false
};

/** A server that hands out one event at a time. */
const server = new Requests({
	call(request): Promise<Answer<unknown>> {
		if (request.type === 'run.get') return Promise.resolve({ ok: true, value: run });
		if (request.type !== 'run.events') throw new Error(`asked for ${request.type}`);
		const { after, generation } = request;
		const rest = (generation === 1 ? former : present).slice(Number(after));
		const value = { events: rest.slice(0, 1), done: rest.length <= 1 };
		return Promise.resolve({ ok: true, value });
	}
});

async function gathered(): Promise<RunFile> {
	const answer = await gatherRunFile(server, model, NOW);
	if (!answer.ok) throw new Error(answer.problem.detail);
	return answer.value;
}

describe('a run that is saved as a file', () => {
	it('has its values whole and every event of every generation', async () => {
		const file = await gathered();
		expect(file).toMatchObject({ savedAt: NOW, run: { params: { text: 'whole' } } });
		expect(file.generations).toEqual([
			{ generation: 1, events: former },
			{ generation: 2, events: present }
		]);
		expect(readRunFile(JSON.stringify(file))).toEqual({ ok: true, value: file });
	});

	it('is not saved in part when something could not be read', async () => {
		const down = new Requests({
			call: (request) =>
				Promise.resolve<Answer<unknown>>(
					request.type === 'run.get'
						? { ok: true, value: run }
						: { ok: false, problem: problem('unavailable', 'Try again.') }
				)
		});
		expect(await gatherRunFile(down, model, NOW)).toMatchObject({
			ok: false,
			problem: { detail: 'Try again.' }
		});
	});
});

describe('a run that is opened from a file', () => {
	it('is answered for by the file, part by part', async () => {
		const file = await gathered();
		const requests = requestsOfFile(() => file);
		const { workflow, id } = run;
		const first = await requests.ask({ type: 'run.events', workflow, id, generation: 1, limit: 1 });
		expect(first).toEqual({ ok: true, value: { events: former.slice(0, 1), done: false } });
		const rest = await requests.ask({ type: 'run.events', workflow, id, generation: 1, after: 1 });
		expect(rest).toEqual({ ok: true, value: { events: former.slice(1), done: true } });
		expect(await requests.ask({ type: 'run.get', workflow, id })).toEqual({ ok: true, value: run });
	});

	it('is answered nothing that the file does not say', async () => {
		const file = await gathered();
		const requests = requestsOfFile(() => file);
		const { workflow } = run;
		expect((await requests.ask({ type: 'run.get', workflow, id: 'another' })).ok).toBe(false);
		expect((await requests.ask({ type: 'run.delete', workflow, id: run.id })).ok).toBe(false);
	});

	it('shows the newest generation as a run about which nothing can be done', async () => {
		const shown = modelOfFile(await gathered());
		expect(shown).toMatchObject({ run, events: present, gone: true, held: null });
	});

	it('keeps of its children those below it, each once, so that their tree ends', async () => {
		const row = (id: string, parent: string) =>
			toRunRow(aRun({ id, parent: { workflow: 'REFUND', id: parent } }));
		const children = [
			row('a', 'run-1'),
			row('b', 'a'),
			row('b', 'a'),
			row('run-1', 'b'),
			row('c', 'c'),
			row('d', 'nobody')
		];
		const { children: kept } = modelOfFile({ ...(await gathered()), children });
		expect(kept.map(({ id }) => id)).toEqual(['a', 'b']);
	});
});
