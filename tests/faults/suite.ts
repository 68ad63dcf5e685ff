// The course of the suite: start the runs of a plan, inflict its faults, decide what waits, let
// everything come to rest, and compare.
import {
	approvalSchema,
	isEnded,
	runKey,
	type Approval,
	type Run,
	type RunRef
} from '../../src/lib/protocol';
import { CutOffError, runPath } from './api';
import { Inflictor, sleep, type Missed, type World } from './inflict';
import { LINK_HOST } from './links';
import type { FaultKind, Plan, PlannedFault, PlannedRun } from './plan';
import { PlanClock } from './plan-clock';
import { Witness, type Wrong } from './witness';

export type Outcome = {
	/** With the runs that the planned ones started. */
	runs: number;
	inflicted: Map<FaultKind, number>;
	missed: string[];
	wrong: Wrong[];
	views: string[];
	connections: number;
	seconds: { faults: number; rest: number; compare: number };
};

/** The plan's clock stands still while so many runs are being started. */
const STARTING = 6;
const DECIDE_EVERY_MS = 500;
const REST_MS = 600_000;
/** A run that takes so long to come to rest, Ms, is looked at, as somebody would. */
const LOOK_AFTER_MS = 8_000;
const LOOKED_AT = 24;
/** How many runs a fault may try, one after the other. */
const VICTIMS = 4;

export class Suite {
	readonly #plan: Plan;
	readonly #world: World;
	readonly #linkHost: string;
	readonly #inflictor: Inflictor;
	readonly #witness: Witness;
	readonly #planned: Map<string, PlannedRun>;
	/** Runs whose approvals a fault is going to decide. */
	readonly #reserved = new Set<string>();
	/** When each approval was first seen waiting, and how many its run had before. */
	readonly #waiting = new Map<string, { since: number; gate: number }>();
	readonly #gates = new Map<string, number>();
	/** Runs that are being started. */
	#starting = 0;
	readonly #clock = new PlanClock(() => this.#starting >= STARTING);
	#isOver = false;

	constructor(plan: Plan, world: World, linkHost: string) {
		this.#plan = plan;
		this.#world = world;
		this.#linkHost = linkHost;
		this.#inflictor = new Inflictor(world);
		this.#planned = new Map(plan.runs.map((run) => [runKey(run), run]));
		this.#witness = new Witness(world.api, world.chronicle, this.#planned);
	}

	async run(): Promise<Outcome> {
		const { viewers, server } = this.#world;
		const began = Date.now();
		for (const viewer of viewers) viewer.connect();
		this.#clock.start();
		const deciding = this.#decideAsTheyCome();
		const inflicted = new Map<FaultKind, number>();
		const missed: string[] = [];
		await Promise.all([
			...this.#plan.runs.map((run) => this.#startWhenDue(run)),
			...this.#plan.faults.map(async (fault) => {
				await this.#clock.until(fault.atMs);
				const why = await this.#befall(fault);
				if (why === null) inflicted.set(fault.kind, (inflicted.get(fault.kind) ?? 0) + 1);
				else missed.push(`${fault.number} ${fault.kind}: ${why}`);
			})
		]);
		this.#clock.stop();
		const faulted = Date.now();
		const restless = await this.#comeToRest();
		this.#isOver = true;
		await deciding;
		const rested = Date.now();

		const known = new Map<string, RunRef>(this.#planned);
		for (const row of await this.#witness.listed()) known.set(runKey(row), row);
		const wrong = await this.#witness.compare([...known.values()]);
		const views = await this.#witness.compareViews(viewers, server.origin);
		return {
			runs: known.size,
			inflicted,
			missed,
			wrong,
			views: [...restless, ...views, ...this.#world.api.unclear],
			connections: viewers.reduce((sum, viewer) => sum + viewer.connections, 0),
			seconds: {
				faults: (faulted - began) / 1000,
				rest: (rested - faulted) / 1000,
				compare: (Date.now() - rested) / 1000
			}
		};
	}

	/** Inflicts a fault on its run, or on the next that it can befall. */
	async #befall(fault: PlannedFault): Promise<Missed> {
		if (!('run' in fault)) return this.#inflictor.inflict(fault);
		const decides =
			fault.kind === 'concurrent-decisions' ||
			(fault.kind === 'command-cut' && fault.command === 'decide');
		const { runs } = this.#plan;
		const later = runs.slice(runs.indexOf(fault.run)).filter(({ gates }) => !decides || gates > 0);
		let why: Missed = 'there is no run for it';
		for (const run of later.slice(0, VICTIMS)) {
			if (decides) this.#reserved.add(runKey(run));
			why = await this.#inflictor.inflict({ ...fault, run });
			if (decides) this.#reserved.delete(runKey(run));
			if (why === null) return null;
		}
		return why;
	}

	/** Starts a run under its own id: however often that is asked for, it is started once. */
	async #startWhenDue(run: PlannedRun): Promise<void> {
		const { workflow, id, agent } = run;
		const params: unknown = JSON.parse(
			JSON.stringify(run.params).replaceAll(LINK_HOST, this.#linkHost)
		);
		await this.#clock.until(run.startAtMs);
		this.#starting += 1;
		await this.#start(run, { workflow, id, agent, params });
		this.#starting -= 1;
	}

	async #start(run: PlannedRun, body: object): Promise<void> {
		const { api, server, chronicle } = this.#world;
		for (let tries = 1; ; tries += 1) {
			await server.ready;
			try {
				const { status, body: answer } = await api.call('POST', '/api/v1/runs', { body });
				if (status === 201) return;
				chronicle.note(`start: ${status}`, run);
				if (status === 409 && tries > 1) return;
				if (status < 500) throw new Error(`${runKey(run)} was refused: ${JSON.stringify(answer)}`);
			} catch (error) {
				if (!(error instanceof CutOffError)) throw error;
				chronicle.note('start: cut off', run);
			}
			await sleep(300);
		}
	}

	async #decideAsTheyCome(): Promise<void> {
		while (!this.#isOver) {
			const waiting = await this.#waitingApprovals();
			await Promise.all(waiting.map((approval) => this.#decideWhenDue(approval)));
			await sleep(DECIDE_EVERY_MS);
		}
	}

	async #waitingApprovals(): Promise<Approval[]> {
		const { body } = await this.#world.api.get('/approvals?status=pending&limit=100');
		const { approvals } = body as { approvals: unknown[] }; // parsed next
		return approvals.map((approval) => approvalSchema.parse(approval));
	}

	async #decideWhenDue(approval: Approval): Promise<void> {
		const key = runKey({ workflow: approval.workflow, id: approval.runId });
		const run = this.#planned.get(key);
		if (!run) return;
		const known = this.#waiting.get(approval.id);
		if (!known) {
			const gate = this.#gates.get(key) ?? 0;
			this.#gates.set(key, gate + 1);
			this.#waiting.set(approval.id, { since: Date.now(), gate });
			return;
		}
		const answer = run.answers[known.gate % run.answers.length];
		if (!answer || this.#reserved.has(key)) return;
		if (Date.now() - known.since < run.decideAfterMs) return;
		await this.#inflictor.decide(approval, answer);
	}

	/** Waits until every run has ended; says which did not. */
	async #comeToRest(): Promise<string[]> {
		const began = Date.now();
		const looked = new Set<string>();
		let left: Run[] = [];
		while (Date.now() - began < REST_MS) {
			left = (await this.#witness.listed()).filter(
				({ status }) => !isEnded(status) && status !== 'unknown'
			);
			if (left.length === 0) return [];
			for (const run of left.filter(({ status }) => status === 'paused')) {
				await this.#world.api.patiently('POST', `/api/v1${runPath(run)}/resume`);
			}
			if (Date.now() - began > LOOK_AFTER_MS) this.#lookAt(left, looked);
			await sleep(1_000);
		}
		return Promise.all(left.map((run) => this.#restlessness(run)));
	}

	#lookAt(runs: Run[], looked: Set<string>): void {
		const [viewer] = this.#world.viewers;
		for (const { workflow, id } of runs) {
			const key = runKey({ workflow, id });
			if (looked.has(key) || looked.size >= LOOKED_AT) continue;
			looked.add(key);
			viewer?.watch(`run-${looked.size}`, { kind: 'run', workflow, id });
		}
	}

	async #restlessness(run: Run): Promise<string> {
		const engine = await this.#witness.engine({ workflow: run.workflow, id: run.id });
		const last = engine?.events.at(-1);
		const faults = this.#world.chronicle.of(run, run.createdAt - 1_000, Date.now());
		return [
			`${runKey(run)} is ${run.status} at ${run.step} after ${REST_MS / 1000} s of rest;`,
			`the engine says ${engine?.status ?? 'nothing'}, last ${JSON.stringify(last)}`,
			...faults.map((fault) => `\n      ${fault}`)
		].join(' ');
	}
}
