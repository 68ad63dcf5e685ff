// What Signalbox shows is masked where it comes in: in the reports of Agents, in their answers, and in
// entries of the audit. Whatever is listed, searched, pushed, exported or sent is made of these, so no
// way out needs a rule of its own. Agents and workflows keep the real values.
import { createHash } from 'node:crypto';
import {
	approvalSchema,
	Redactor,
	SYSTEM_WORKFLOWS,
	type Approval,
	type Json,
	type Problem,
	type Run,
	type RunEvent,
	type RunRef,
	type Webhook,
	toJson,
	type WorkflowCatalogue
} from '../../protocol';
import type { AgentAnswers, AgentCall, RunEvents } from '../rpc/agent-rpc';
import { subjectOf } from './run-subject';

/** Grows when the rules change, so that what is stored is masked, and named, by the new ones. */
const RULES = 2;

/** The keys that the variable `REDACT_KEYS` adds, separated by commas or spaces. */
function redactedKeys(env: object): string[] {
	const value: unknown = Reflect.get(env, 'REDACT_KEYS');
	return typeof value === 'string' ? value.split(/[\s,]+/).filter((key) => key !== '') : [];
}

export class Redaction {
	/** Masks the keys of every workflow: for what belongs to none, or to several. */
	readonly #everything: Redactor;
	readonly #byWorkflow = new Map<string, Redactor>();
	readonly #catalogue: WorkflowCatalogue | undefined;
	/** Tells whether something was masked by the same rules. */
	readonly fingerprint: string;

	constructor(env: object = {}, catalogue?: WorkflowCatalogue) {
		this.#catalogue = catalogue;
		const common = redactedKeys(env);
		const entries = [...(catalogue?.entries() ?? [])].filter(({ redact }) => redact.length > 0);
		this.#everything = new Redactor([...common, ...entries.flatMap(({ redact }) => redact)]);
		const others = new Redactor(common);
		for (const { workflow } of catalogue?.entries() ?? []) this.#byWorkflow.set(workflow, others);
		for (const { workflow, redact } of entries) {
			this.#byWorkflow.set(workflow, new Redactor([...common, ...redact]));
		}
		const rules = [RULES, common, entries.map(({ workflow, redact }) => [workflow, redact])];
		this.fingerprint = createHash('sha256').update(JSON.stringify(rules)).digest('hex');
	}

	/** Masks a run, and says what it is about from what is left of it. */
	maskRun(run: Run): Run {
		const { metadata, params, progress, output, error, step, waitingFor, failedRollback } = run;
		const values = { metadata, params, progress, output, error, step, waitingFor };
		const masked = this.#mask(run, failedRollback ? { ...values, failedRollback } : values);
		const subject = subjectOf(
			{ workflow: run.workflow, ...masked },
			this.#catalogue?.get(run.workflow)
		);
		const { subject: _former, ...rest } = run;
		return { ...rest, ...masked, ...(subject === undefined ? {} : { subject }) };
	}

	maskEvents(ref: Pick<RunRef, 'workflow'>, events: RunEvent[]): RunEvent[] {
		return this.#mask(ref, events);
	}

	maskApproval(approval: Approval): Approval {
		const { title, description, step, facts, initial, decisions, form } = approval;
		const masked = this.#mask(approval, { title, description, step, facts, initial, decisions });
		return { ...approval, ...masked, form: form && this.#of(approval).maskSchema(form) };
	}

	/** What the audit keeps of a request. */
	maskDetail(detail: Json): Json {
		return this.#everything.mask(detail);
	}

	maskText(text: string): string {
		return this.#everything.maskText(text);
	}

	/** A problem that names fields says what is wrong with them, not what they held. */
	maskProblem(problem: Problem): Problem {
		const { errors, detail, approval } = problem;
		const known = approvalSchema.safeParse(approval);
		return {
			...(this.#everything.mask(toJson(problem)) as Problem), // as `#mask`
			...(errors ? { errors, detail } : {}),
			...(known.success ? { approval: this.maskApproval(known.data) } : {})
		};
	}

	/** An address can have a token in it. */
	maskWebhook<W extends Webhook>(webhook: W): W {
		const { url, base, lastError } = webhook;
		return { ...webhook, ...this.#everything.mask({ url, base, lastError }) };
	}

	/** What an Agent answered a call with. */
	maskAnswer<T extends AgentCall['type']>(type: T, answered: AgentAnswers[T]): AgentAnswers[T] {
		return ANSWERS[type](answered, this);
	}

	/** What Signalbox's own workflows hold may be of any workflow. */
	#of({ workflow }: Pick<RunRef, 'workflow'>): Redactor {
		const own = SYSTEM_WORKFLOWS.includes(workflow) ? undefined : this.#byWorkflow.get(workflow);
		return own ?? this.#everything;
	}

	#mask<T extends object>(of: Pick<RunRef, 'workflow'>, values: T): T {
		// JSON of our own shape: its texts stay texts, and none of its own members has a sensitive name.
		return this.#of(of).mask(values as Json) as T;
	}
}

type Mask<T extends AgentCall['type']> = (
	answered: AgentAnswers[T],
	redaction: Redaction
) => AgentAnswers[T];

const run = (answered: Run, redaction: Redaction): Run => redaction.maskRun(answered);
const events = <E extends RunEvents>(answered: E, redaction: Redaction): E => ({
	...answered,
	run: redaction.maskRun(answered.run),
	events: redaction.maskEvents(answered.run, answered.events)
});
const plain = <A>(answered: A): A => answered;

/** How the answer to each call is masked. A new call without a rule does not compile. */
const ANSWERS: { readonly [T in AgentCall['type']]: Mask<T> } = {
	start: run,
	adopt: run,
	pause: run,
	resume: run,
	terminate: run,
	restart: run,
	hold: run,
	undo: run,
	'send-event': run,
	'open-gate': plain,
	approval: (answered, redaction) => redaction.maskApproval(answered),
	forget: plain,
	run: (record, redaction) => ({ ...record, run: redaction.maskRun(record.run) }),
	events,
	show: events,
	look: plain,
	acknowledged: plain,
	'report-all': plain,
	'migrate-binding': plain,
	check: plain,
	'track-runs': plain
};
