// What makes a run right: all that Signalbox says of it follows from the engine's own history, read
// afresh. Pure; each difference is one sentence.
import { isDeepStrictEqual } from 'node:util';
import {
	EMPTY_HISTORY,
	fold,
	isApprovalWait,
	isEnded,
	isOmitted,
	parseStepName,
	runKey,
	toRun,
	type Approval,
	type Json,
	type Run,
	type RunEvent,
	type RunHistory,
	type RunRef,
	type RunRow,
	type RunStatus
} from '../../src/lib/protocol';
import type { SaidProgress } from './callback-log';

/** How the API answered one person's decision; null when the answer never came. */
export type DecisionReply = {
	approval: string;
	by: string;
	approved: boolean;
	status: number | null;
};

/** Everything known of one run, from all sides. */
export type Evidence = {
	ref: RunRef;
	/** Null when the engine has no such instance. */
	engine: { status: string; output: Json; events: RunEvent[] } | null;
	/** From `GET /runs/…`; null for 404. */
	run: Run | null;
	events: RunEvent[];
	/** From the list, which the index answers. */
	row: Run | null;
	approvals: Approval[];
	/** How many events each former generation has kept. */
	formerEvents: number[];
	replies: DecisionReply[];
	progress: SaidProgress[];
	/** The status in the SDK's own table. */
	tracked: string | null;
	ledger: number;
	/** A fault has deleted its Agent, and with it what only that knew. */
	agentDeleted: boolean;
	/** How often it was started anew for certain, and at most; null when its parent decides that. */
	restarts: { least: number; most: number } | null;
};

export function differencesOf(evidence: Evidence): string[] {
	const { engine, run, row } = evidence;
	// Only its Agent knew of it, if the index is one of before the run.
	if (!run && evidence.agentDeleted) return [];
	if (!run) return engine ? ['the engine has it, Signalbox does not'] : [];
	if (!row) return ['its Agent knows it, the index does not'];
	if (!engine) {
		return run.status === 'unknown' || isEnded(run.status)
			? rowDifferences(run, row)
			: [`the engine has no such instance, Signalbox shows ${run.status}`];
	}
	// When it was found lost, the index and an Agent that was created again may say differently.
	if (evidence.agentDeleted && run.outcome === 'lost' && row.outcome === 'lost') return [];
	const history = engine.events.reduce(fold, EMPTY_HISTORY);
	return [
		...statusDifferences(engine, run),
		...runDifferences(history, run),
		...eventDifferences(engine.events, evidence.events),
		...rowDifferences(run, row),
		...approvalDifferences(engine.events, evidence, run),
		...(evidence.agentDeleted
			? []
			: [...generationDifferences(evidence, run), ...progressDifferences(evidence, run)]),
		...ledgerDifferences(engine.events, evidence, run),
		...trackedDifferences(evidence, run)
	];
}

const shown = (value: unknown): string => excerpt(JSON.stringify(value) ?? 'undefined', 0);

/** Both values from shortly before the first character in which they differ. */
function shownApart(one: unknown, other: unknown): [string, string] {
	const texts = [one, other].map((value) => JSON.stringify(value) ?? 'undefined');
	const [a = '', b = ''] = texts;
	const first = [...a].findIndex((character, at) => character !== b[at]);
	const from = Math.max(0, (first < 0 ? a.length : first) - 60);
	return [excerpt(a, from), excerpt(b, from)];
}

function excerpt(text: string, from: number): string {
	const end = from + 160;
	return `${from > 0 ? '…' : ''}${text.slice(from, end)}${text.length > end ? '…' : ''}`;
}

/** The engine's own word, without any fold of ours in between. */
function statusDifferences(
	{ status, output }: { status: string; output: Json },
	run: Run
): string[] {
	const found: string[] = [];
	if (
		isEnded(run.status)
			? status !== run.status
			: ['complete', 'errored', 'terminated'].includes(status)
	) {
		found.push(`the engine's status is ${status}, Signalbox shows ${run.status}`);
	}
	// The engine's own status puts texts in the place of odd values: events say what they are.
	const isOdd = JSON.stringify(run.output).includes('"$type"');
	if (
		status === 'complete' &&
		run.status === 'complete' &&
		!isOdd &&
		!isDeepStrictEqual(output, run.output)
	) {
		found.push(`the engine's output is ${shown(output)}, Signalbox shows ${shown(run.output)}`);
	}
	return found;
}

/** Every field of a run that its history says. */
const FROM_HISTORY = [
	'status',
	'outcome',
	'params',
	'step',
	'error',
	'output',
	'startedAt',
	'finishedAt',
	'retries',
	'waitingFor'
] as const satisfies readonly (keyof Run)[];

function runDifferences(history: RunHistory, run: Run): string[] {
	const expected = toRun({ ...run, ref: run, touchedAt: run.createdAt, lost: false }, history);
	return FROM_HISTORY.filter((field) => !isDeepStrictEqual(expected[field], run[field])).map(
		(field) => `${field} is ${shown(run[field])}, the history says ${shown(expected[field])}`
	);
}

function eventDifferences(expected: RunEvent[], actual: RunEvent[]): string[] {
	const at = expected.findIndex((event, index) => !isDeepStrictEqual(event, actual[index]));
	if (at >= 0) {
		const [ours, theirs] = shownApart(actual[at], expected[at]);
		return [`event ${at + 1} is ${ours}, the engine has ${theirs}`];
	}
	return actual.length > expected.length
		? [`there are ${actual.length} events, the engine has ${expected.length}`]
		: [];
}

/** The index carries large values as a mark; everything else is the same as at the Agent. */
function rowDifferences(run: Run, row: Run): string[] {
	const fields = Object.keys(run) as (keyof Run)[]; // the keys of a parsed Run
	return fields
		.filter((field) => !isDeepStrictEqual(run[field], row[field]) && !isOmitted(row[field]))
		.map((field) => `the index has ${field} ${shown(row[field])}, the Agent ${shown(run[field])}`);
}

/** A gate of a history: one wait for a person, and how it came to its end. */
type Gate = { step: string; at: number; completed: number; timedOut: number };

function gatesOf(events: RunEvent[]): Gate[] {
	const gates = new Map<string, Gate>();
	for (const event of events) {
		if (!('stepName' in event) || typeof event.stepName !== 'string') continue;
		const name = event.stepName;
		if (event.type === 'wait_started' && 'eventType' in event) {
			if (!isApprovalWait({ name, eventType: String(event.eventType) })) continue;
			const step = parseStepName(name).name;
			gates.set(name, { step, at: event.timestamp, completed: 0, timedOut: 0 });
		}
		const gate = gates.get(name);
		if (gate && event.type === 'wait_completed') gate.completed += 1;
		if (gate && event.type === 'wait_timed_out') gate.timedOut += 1;
	}
	return [...gates.values()];
}

function approvalDifferences(
	events: RunEvent[],
	{ approvals, replies }: Evidence,
	run: Run
): string[] {
	const found: string[] = [];
	const gates = gatesOf(events);
	const current = approvals.filter(({ generation }) => generation === run.generation);
	if (current.length !== gates.length) {
		found.push(`${gates.length} gates in the history, ${current.length} approvals`);
	}
	for (const gate of gates) {
		const own = current.filter(
			({ step, requestedAt }) => step === gate.step && requestedAt === gate.at
		);
		if (own.length !== 1)
			found.push(`${own.length} approvals for the gate ${gate.step} of ${gate.at}`);
		for (const approval of own) found.push(...gateDifferences(gate, approval, run));
	}
	for (const approval of approvals) {
		if (approval.generation < run.generation && approval.status === 'pending') {
			found.push(`${approval.id} of generation ${approval.generation} still waits`);
		}
		found.push(...decisionDifferences(approval, replies));
	}
	return found;
}

function gateDifferences(gate: Gate, approval: Approval, run: Run): string[] {
	const { id, status, decisions } = approval;
	const found: string[] = [];
	if (gate.completed > 1) found.push(`the wait of ${id} was completed ${gate.completed} times`);
	const isDecided = status === 'approved' || status === 'rejected';
	// After a kill, the local engine hands an event that was taken to the next wait of its type: a
	// plain gate is then decided by no one here. One of `requestApproval` has a type of its own.
	const isTakenTwice = status === 'decided-outside' && approval.eventType === 'approval';
	if (gate.completed === 1 && !isDecided && !isTakenTwice)
		found.push(`${id} is ${status}, its wait was completed`);
	if (gate.timedOut > 0 && status !== 'expired')
		found.push(`${id} is ${status}, its wait timed out`);
	if (gate.completed + gate.timedOut === 0) {
		if (status === 'pending' && isEnded(run.status)) found.push(`${id} waits, its run has ended`);
		if (isDecided && !isEnded(run.status)) found.push(`${id} is ${status}, its wait is still open`);
	}
	if (gate.completed === 1 && decisions.at(-1)?.approved === false && run.outcome !== 'rejected') {
		if (isEnded(run.status) && run.status !== 'terminated') {
			found.push(`${id} was rejected, its run is ${run.outcome}`);
		}
	}
	return found;
}

/** Of several people one decides, and it is the one who was told so. */
function decisionDifferences(
	{ id, status, decisions }: Approval,
	replies: DecisionReply[]
): string[] {
	const found: string[] = [];
	if (decisions.length > 1) found.push(`${id} has ${decisions.length} decisions`);
	const [decision] = decisions;
	if (decision && status !== (decision.approved ? 'approved' : 'rejected')) {
		found.push(`${id} is ${status}, its decision says approved: ${decision.approved}`);
	}
	const accepted = replies.filter((reply) => reply.approval === id && reply.status === 200);
	if (accepted.length > 1)
		found.push(`${id}: ${accepted.length} people were told that they decided`);
	for (const { by, approved } of accepted) {
		if (decision?.by === by && decision.approved === approved) continue;
		found.push(
			`${id}: ${by} was told that the decision was taken, on record is ${shown(decision)}`
		);
	}
	return found;
}

function generationDifferences({ restarts, formerEvents }: Evidence, run: Run): string[] {
	const found: string[] = [];
	const begun = run.generation - 1;
	if (restarts && (begun < restarts.least || begun > restarts.most)) {
		const bounds = `${restarts.least} to ${restarts.most}`;
		found.push(`it is generation ${run.generation} after ${bounds} restarts`);
	}
	formerEvents.forEach((count, index) => {
		if (count === 0) found.push(`generation ${index + 1} has no history any more`);
	});
	return found;
}

/** What it said last by its own clock, however late or often it was delivered. */
function progressDifferences({ progress }: Evidence, run: Run): string[] {
	const latest = Math.max(...progress.map(({ at }) => at));
	const said = progress.filter(({ at }) => at === latest).map((one) => one.progress);
	// A new generation has said nothing until it does.
	const isSilent = run.progress === null && (progress.length === 0 || run.generation > 1);
	if (isSilent || said.some((one) => isDeepStrictEqual(one, run.progress))) return [];
	return [`progress is ${shown(run.progress)}, the last it said is ${shown(said.at(-1) ?? null)}`];
}

/** The SDK's own row is mended when a run has ended. */
function trackedDifferences({ tracked }: Evidence, run: Run): string[] {
	if (!isEnded(run.status) || tracked === null || tracked === run.status) return [];
	return [`the SDK's table says ${tracked}, the run is ${run.status}`];
}

const LEDGER_STEP = 'write-ledger';

function ledgerDifferences(events: RunEvent[], { ref, ledger }: Evidence, run: Run): string[] {
	if (ref.workflow !== 'REFUND') return [];
	const isBooked = events.some((event) => isStep(event, 'step_completed', LEDGER_STEP));
	const isTried = events.some((event) => isStep(event, 'step_started', LEDGER_STEP));
	if (isBooked && ledger !== 1) return [`booked, and the ledger has ${ledger} entries`];
	if (!isTried && run.generation === 1 && ledger !== 0) {
		return [`never came to booking, and the ledger has ${ledger} entries`];
	}
	return [];
}

function isStep(event: RunEvent, type: string, step: string): boolean {
	return (
		event.type === type &&
		'stepName' in event &&
		parseStepName(String(event.stepName)).name === step
	);
}

/** A list as somebody has it who looked on all the time, against the same list asked for afresh. */
export function listDifferences(kept: readonly RunRow[], fresh: readonly RunRow[]): string[] {
	const keys = (rows: readonly RunRow[]) => rows.map(runKey);
	if (!isDeepStrictEqual(keys(kept), keys(fresh))) {
		return [`the rows are ${shown(keys(kept))}, afresh they are ${shown(keys(fresh))}`];
	}
	return kept.flatMap((row, index) =>
		isDeepStrictEqual(row, fresh[index])
			? []
			: [`${runKey(row)} is ${shown(row)}, afresh it is ${shown(fresh[index])}`]
	);
}

/** Counts against what they count. */
export function countDifferences(
	counts: Partial<Record<RunStatus, number>>,
	runs: readonly Pick<Run, 'status'>[]
): string[] {
	const counted = Map.groupBy(runs, ({ status }) => status);
	const statuses = new Set([...counted.keys(), ...(Object.keys(counts) as RunStatus[])]); // its own keys
	return [...statuses].flatMap((status) => {
		const [said, there] = [counts[status] ?? 0, counted.get(status)?.length ?? 0];
		return said === there ? [] : [`${said} are counted as ${status}, there are ${there}`];
	});
}
