// How each fault is brought about. A fault waits for its moment (an approval that waits, a run that
// has begun) and says why when the moment never came.
import {
	approvalSchema,
	parseStepName,
	runEventSchema,
	runSchema,
	type Approval,
	type Run,
	type RunEvent,
	type RunRef
} from '../../src/lib/protocol';
import { CutOffError, runPath, storeOf, type Api, type Reply } from './api';
import type { Chronicle } from './chronicle';
import { STORES, type PlannedAnswer, type PlannedFault, type PlannedRun } from './plan';
import type { Server } from './server';
import type { Viewer } from './viewer';
import type { Wire } from './wire';

export type World = {
	api: Api;
	server: Server;
	wire: Wire;
	viewers: readonly Viewer[];
	chronicle: Chronicle;
};

/** Null when the fault was inflicted, else why not. */
export type Missed = string | null;

const PATIENCE_MS = 12_000;
const OUTSIDE_PAUSE_MS = 800;

export const sleep = (ms: number): Promise<void> =>
	new Promise((resolve) => setTimeout(resolve, ms));

export class Inflictor {
	readonly #world: World;
	/** One kill after the other. */
	#killed: Promise<void> = Promise.resolve();

	constructor(world: World) {
		this.#world = world;
	}

	async inflict(fault: PlannedFault): Promise<Missed> {
		const { api, wire, viewers, chronicle } = this.#world;
		switch (fault.kind) {
			case 'kill':
				this.#killed = this.#killed.then(() => this.#kill());
				return this.#killed.then(() => null);
			case 'index-restored':
				if (!(await this.#knowsEveryStore())) return 'a store has not reported yet';
				this.#killed = this.#killed.then(() => this.#restoreIndex(fault.olderMs));
				return this.#killed.then(() => null);
			case 'evict-store':
				chronicle.note(`evict ${fault.store}`);
				await api.door({ ask: 'abort-store', store: storeOf(fault.store).store });
				return null;
			case 'evict-operations':
				chronicle.note('evict the Operations agent');
				await api.door({ ask: 'abort-operations' });
				return null;
			case 'intake-refused':
				chronicle.note(`refuse reports for ${fault.forMs} ms`);
				await api.door({ ask: 'intake', mode: 'refuse', forMs: fault.forMs, delayMs: 0 });
				return null;
			case 'intake-delayed': {
				const { forMs, delayMs } = fault;
				chronicle.note(`hold each report up by ${delayMs} ms for ${forMs} ms`);
				await api.door({ ask: 'intake', mode: 'delay', forMs, delayMs });
				return null;
			}
			case 'sockets-dropped':
				chronicle.note(`cut every viewer off for ${fault.awayMs} ms`);
				for (const viewer of viewers) viewer.away(fault.awayMs);
				wire.cut();
				return null;
			case 'callbacks-replayed':
				return this.#replay(fault.run);
			case 'pause-resume':
				return this.#pause(fault.run, fault.pausedMs);
			case 'restart':
				return this.#restart(fault.run, null);
			case 'restart-from':
				return this.#restart(fault.run, fault.share);
			case 'terminate':
				return this.#command(fault.run, 'terminate');
			case 'concurrent-decisions':
				return this.#decideTogether(fault.run, fault.answers);
			case 'command-cut':
				return this.#cutOff(fault);
			case 'sub-agent-deleted':
				return this.#deleteSubAgent(fault.run);
			case 'binding-renamed':
				return this.#renameBinding(fault.run, fault.forMs);
			case 'outside':
				return this.#outside(fault.run, fault.change);
		}
	}

	async #kill(whileDown: () => Promise<void> = () => Promise.resolve()): Promise<void> {
		const { server, chronicle } = this.#world;
		await server.ready;
		chronicle.note('kill -9');
		await server.kill();
		await whileDown();
		await server.up();
		chronicle.note('up again');
	}

	/** Nobody can ask an Agent of which the older index has never heard: it is found when it reports. */
	async #knowsEveryStore(): Promise<boolean> {
		const giveUpAt = Date.now() + PATIENCE_MS;
		while (Date.now() < giveUpAt) {
			const known = (await this.#world.api.all('/runs', 'runs')).map(
				(run) => storeOf(runSchema.parse(run).agent.path).store
			);
			if (STORES.every((store) => known.includes(store))) return true;
			await sleep(500);
		}
		return false;
	}

	/** The index loses what it has learned in a while; the Agents and the engine do not. */
	async #restoreIndex(olderMs: number): Promise<void> {
		const { server, chronicle } = this.#world;
		await this.#kill(() => server.saveIndex());
		await sleep(olderMs);
		await this.#kill(() => server.restoreIndex());
		chronicle.note(`the index is ${olderMs} ms older`);
	}

	async #replay(run: PlannedRun): Promise<Missed> {
		const found = await this.#runWhen(run, ({ startedAt }) => startedAt !== null);
		if (!found) return 'it never began';
		const again = () =>
			this.#world.api.door({ ask: 'replay', ...storeOf(run.agent), ref: refOf(run) });
		this.#world.chronicle.note(`replay ${String(await again())} callbacks`, run);
		if (!(await this.#runWhen(run, ({ finishedAt }) => finishedAt !== null))) return null;
		this.#world.chronicle.note(`replay ${String(await again())} callbacks after its end`, run);
		return null;
	}

	async #pause(run: PlannedRun, pausedMs: number): Promise<Missed> {
		const missed = await this.#command(run, 'pause');
		if (missed !== null) return missed;
		await sleep(pausedMs);
		const { status } = await this.#world.api.patiently('POST', `/api/v1${runPath(run)}/resume`);
		this.#world.chronicle.note(`resume: ${status}`, run);
		return null;
	}

	async #restart(run: PlannedRun, share: number | null): Promise<Missed> {
		const found = await this.#runWhen(run, ({ startedAt }) => startedAt !== null);
		if (!found) return 'it never began';
		if (share === null) return this.#command(run, 'restart');
		const steps = stepsOf(await this.#eventsOf(run));
		const step = steps[Math.floor(share * steps.length)];
		return step ? this.#command(run, 'restart', { from: step }) : 'it has no step yet';
	}

	/** Asks once: whether a command that was cut off was carried out, nobody knows. */
	async #command(
		run: PlannedRun,
		command: 'pause' | 'terminate' | 'restart',
		body: unknown = {}
	): Promise<Missed> {
		const { api, server, chronicle } = this.#world;
		if (!(await this.#runWhen(run, () => true))) return 'it was never there';
		await server.ready;
		const reply = await outcomeOf(api.call('POST', `/api/v1${runPath(run)}/${command}`, { body }));
		chronicle.note(`${command} ${JSON.stringify(body)}: ${reply?.status ?? 'cut off'}`, run);
		if (command === 'restart' && (reply === null || reply.status === 200 || reply.status >= 500)) {
			chronicle.restarted(run, reply?.status === 200);
		}
		return reply === null || reply.status === 200 ? null : `it was answered ${reply.status}`;
	}

	async #decideTogether(run: PlannedRun, answers: PlannedAnswer[]): Promise<Missed> {
		const approval = await this.#approvalOf(run);
		if (!approval) return 'no approval waited';
		this.#world.chronicle.note(`${answers.length} decide ${approval.id} at once`, run);
		await Promise.all(answers.map((answer) => this.decide(approval, answer)));
		return null;
	}

	/** Decides as one person; the reply goes on record. */
	async decide(
		approval: Approval,
		{ by, approved }: PlannedAnswer,
		cut?: AbortSignal
	): Promise<Reply | null> {
		const { api, server, chronicle } = this.#world;
		await server.ready;
		const path = `/api/v1/approvals/${approval.id}/decision`;
		const data = approval.form && approved ? { data: approval.initial } : {};
		const body = { approved, ...data, ...(approved ? {} : { reason: `${by} says no` }) };
		const reply = await outcomeOf(api.call('POST', path, { body, by, ...(cut ? { cut } : {}) }));
		const status = reply?.status ?? null;
		chronicle.replies.push({ approval: approval.id, by, approved, status });
		const ref = { workflow: approval.workflow, id: approval.runId };
		const said = approved ? 'approves' : 'rejects';
		chronicle.note(`${by} ${said} ${approval.id}: ${status ?? 'cut off'}`, ref);
		return reply;
	}

	async #cutOff(fault: Extract<PlannedFault, { kind: 'command-cut' }>): Promise<Missed> {
		const { run, command, cutAfterMs } = fault;
		const { api, server, chronicle } = this.#world;
		if (command === 'decide') {
			const approval = await this.#approvalOf(run);
			const [answer] = run.answers;
			if (!approval || !answer) return 'no approval waited';
			chronicle.note(`cut a decision off after ${cutAfterMs} ms`, run);
			await this.decide(approval, answer, AbortSignal.timeout(cutAfterMs));
			return null;
		}
		if (!(await this.#runWhen(run, () => true))) return 'it was never there';
		await server.ready;
		const reply = await outcomeOf(
			api.call('POST', `/api/v1${runPath(run)}/${command}`, {
				body: {},
				cut: AbortSignal.timeout(cutAfterMs)
			})
		);
		chronicle.note(
			`${command}, cut off after ${cutAfterMs} ms: ${reply?.status ?? 'no answer'}`,
			run
		);
		if (command === 'restart' && (reply === null || reply.status === 200 || reply.status >= 500)) {
			chronicle.restarted(run, reply?.status === 200);
		}
		return null;
	}

	/** Deletes the Agent of an aisle, with all that it knows of its runs. */
	async #deleteSubAgent(run: PlannedRun): Promise<Missed> {
		const { api, chronicle } = this.#world;
		const { store, aisle } = storeOf(run.agent);
		if (aisle === null) return 'it is no run of a sub-agent';
		if (!(await this.#runWhen(run, ({ startedAt }) => startedAt !== null))) return 'it never began';
		chronicle.note(`delete the Agent of ${aisle}`, run);
		chronicle.deletedAgents.add(run.agent);
		await api.door({ ask: 'delete-aisle', store, aisle });
		return null;
	}

	/** A workflow's binding has another name for a while, which the Worker does not have. */
	async #renameBinding(run: PlannedRun, forMs: number): Promise<Missed> {
		const { api, chronicle } = this.#world;
		const { store, aisle } = storeOf(run.agent);
		if (aisle !== null) return 'it is a run of a sub-agent';
		if (!(await this.#runWhen(run, () => true))) return 'it was never there';
		const former = `FORMER_${run.workflow}`;
		chronicle.note(`rename ${run.workflow} in ${store} for ${forMs} ms`, run);
		await api.door({ ask: 'rename', store, from: run.workflow, to: former });
		await sleep(forMs);
		await api.door({ ask: 'rename', store, from: former, to: run.workflow });
		return null;
	}

	/** Changes the run in the engine itself, past Signalbox and past its Agent. */
	async #outside(run: PlannedRun, change: 'pause' | 'terminate' | 'restart'): Promise<Missed> {
		const { api, chronicle } = this.#world;
		if (!(await this.#runWhen(run, ({ startedAt }) => startedAt !== null))) return 'it never began';
		const engine = (asked: string) => api.door({ ask: 'outside', ref: refOf(run), change: asked });
		chronicle.note(`${change} outside of Signalbox`, run);
		if (change === 'restart') chronicle.restarted(run, false);
		try {
			await engine(change);
			if (change !== 'pause') return null;
			await sleep(OUTSIDE_PAUSE_MS);
			await engine('resume');
			return null;
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	}

	/** The run, once `test` holds of it; null when that does not come in time. */
	async #runWhen(ref: RunRef, test: (run: Run) => boolean): Promise<Run | null> {
		const giveUpAt = Date.now() + PATIENCE_MS;
		while (Date.now() < giveUpAt) {
			const { status, body } = await this.#world.api.get(runPath(ref));
			const run = status === 200 ? runSchema.parse(body) : null;
			if (run && test(run)) return run;
			await sleep(400);
		}
		return null;
	}

	async #approvalOf(run: PlannedRun): Promise<Approval | null> {
		const giveUpAt = Date.now() + PATIENCE_MS;
		while (Date.now() < giveUpAt) {
			const path = `/approvals?status=pending&workflow=${run.workflow}&limit=100`;
			const { body } = await this.#world.api.get(path);
			const { approvals } = body as { approvals: unknown[] }; // parsed next
			const own = approvals
				.map((approval) => approvalSchema.parse(approval))
				.find(({ runId }) => runId === run.id);
			if (own) return own;
			await sleep(300);
		}
		return null;
	}

	async #eventsOf(ref: RunRef): Promise<RunEvent[]> {
		const { body } = await this.#world.api.get(`${runPath(ref)}/events`);
		const { events } = body as { events: unknown[] }; // parsed next
		return events.map((event) => runEventSchema.parse(event));
	}
}

const refOf = ({ workflow, id }: RunRef): RunRef => ({ workflow, id });

/** The reply, or null when there was none. */
async function outcomeOf(call: Promise<Reply>): Promise<Reply | null> {
	try {
		return await call;
	} catch (error) {
		if (error instanceof CutOffError) return null;
		throw error;
	}
}

/** The steps that a run can be started anew from: those of its own code. */
function stepsOf(events: RunEvent[]): { name: string; count: number; type: 'do' }[] {
	return events.flatMap((event) => {
		if (event.type !== 'step_started' || !('stepName' in event)) return [];
		const { name, count } = parseStepName(String(event.stepName));
		return name.startsWith('__') ? [] : [{ name, count, type: 'do' as const }];
	});
}
