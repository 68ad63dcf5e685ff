// The Agent's side of the outbox: what is put in a report, and the numbers by which the Operations
// agent notices that it has lost something it once acknowledged (a database restored from an
// older state). Then everything is sent again.
import {
	capJson,
	runKey,
	type AgentRef,
	type Json,
	type RunRecord,
	type RunRef
} from '../../protocol';
import { migrate } from '../db/migrations';
import type { ApprovalStore } from './approvals/approval-store';
import type { Acknowledgement, Note, Report } from '../rpc/agent-rpc';
import { Outbox, type OutboxEntry } from './store/outbox';
import type { RunStore } from './store/run-store';

/** Values longer than this stay with the Agent; the index carries a mark, bytes. */
const INDEX_VALUE_BYTES = 16_384;

export type ReporterHost = {
	storage: DurableObjectStorage;
	agent: () => AgentRef;
	/** Delivers a report; rejects when it was not acknowledged. */
	report: (report: Report) => Promise<Acknowledgement>;
	/** The outbox wants to be flushed again at a later time. */
	retryLater: () => void;
	stores: () => { runs: RunStore; approvals: ApprovalStore };
};

export class Reporter {
	readonly outbox: Outbox;
	readonly #host: ReporterHost;

	constructor(host: ReporterHost) {
		this.#host = host;
		this.outbox = new Outbox(
			host.storage.sql,
			(entries) => this.#send(entries),
			() => host.retryLater()
		);
	}

	migrate(): void {
		this.outbox.migrate();
		migrate(this.#sql, 'monitor_reports', [
			`CREATE TABLE IF NOT EXISTS monitor_notes (
				id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
				action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL
			);
			CREATE TABLE IF NOT EXISTS monitor_reports (
				one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, acknowledged INTEGER NOT NULL
			);
			INSERT OR IGNORE INTO monitor_reports VALUES (1, 0, 0);`
		]);
	}

	/** Notes for the audit what the Agent did by itself. */
	note(action: string, target: string, detail: Json): void {
		const { id } = this.#sql
			.exec<{ id: number }>(
				'INSERT INTO monitor_notes (at, action, target, detail) VALUES (?, ?, ?, ?) RETURNING id',
				Date.now(),
				action,
				target,
				JSON.stringify(detail)
			)
			.one();
		this.outbox.mark('note', String(id), 1);
	}

	/** The number of the last report that was acknowledged and is counted on; 0 for none. */
	acknowledged(): number {
		return this.#sql
			.exec<{ acknowledged: number }>('SELECT acknowledged FROM monitor_reports')
			.one().acknowledged;
	}

	/** Marks everything to be reported again. Answers with the number of runs. */
	markAll(): number {
		const { runs, approvals } = this.#host.stores();
		const marked = runs.all();
		this.#host.storage.transactionSync(() => {
			for (const { ref, version } of marked) this.outbox.mark('run', runKey(ref), version);
			for (const { id, version } of approvals.all()) this.outbox.mark('approval', id, version);
		});
		return marked.length;
	}

	get #sql(): SqlStorage {
		return this.#host.storage.sql;
	}

	async #send(entries: OutboxEntry[]): Promise<void> {
		const { sequence, acknowledged } = this.#sql
			.exec<{ sequence: number; acknowledged: number }>(
				'UPDATE monitor_reports SET sequence = sequence + 1 RETURNING sequence, acknowledged'
			)
			.one();
		const report = this.#compose(entries, sequence, acknowledged);
		const { resend } = await this.#host.report(report);
		// Who is to send everything again counts on nothing that was acknowledged before.
		this.#sql.exec('UPDATE monitor_reports SET acknowledged = ?', resend ? 0 : sequence);
		for (const { id } of report.notes) this.#sql.exec('DELETE FROM monitor_notes WHERE id = ?', id);
		if (resend) this.markAll();
	}

	#compose(entries: OutboxEntry[], sequence: number, previous: number): Report {
		const { runs, approvals } = this.#host.stores();
		const keysOf = (kind: OutboxEntry['kind']) =>
			entries.filter((entry) => entry.kind === kind).map(({ key }) => key);
		return {
			agent: this.#host.agent(),
			sequence,
			previous,
			runs: keysOf('run').flatMap((key) => {
				const record = runs.record(refOf(key));
				return record ? [light(record)] : [];
			}),
			approvals: keysOf('approval').flatMap((id) => approvals.record(id) ?? []),
			notes: keysOf('note').flatMap((id) => this.#readNote(Number(id)) ?? [])
		};
	}

	#readNote(id: number): Note | null {
		const row = this.#sql
			.exec<Omit<Note, 'detail'> & { detail: string }>(
				'SELECT * FROM monitor_notes WHERE id = ?',
				id
			)
			.toArray()[0];
		return row ? { ...row, detail: JSON.parse(row.detail) as Json } : null; // our own writing
	}
}

function refOf(key: string): RunRef {
	const cut = key.indexOf('/');
	return { workflow: key.slice(0, cut), id: key.slice(cut + 1) };
}

/** A record without the values that are too long for the index. */
function light({ run, ...rest }: RunRecord): RunRecord {
	return {
		...rest,
		run: {
			...run,
			params: capJson(run.params, INDEX_VALUE_BYTES),
			output: capJson(run.output, INDEX_VALUE_BYTES)
		}
	};
}
