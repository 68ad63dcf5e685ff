import { z } from 'zod';
import { jsonSchema, type Json, type RunRef } from '../../../protocol';
import { migrate } from '../../db/migrations';

const keptDecisionSchema = z.object({
	agent: z.string(),
	approved: z.boolean(),
	reason: z.string().nullable(),
	payload: jsonSchema
});

/** A decision that an Agent's own code took before its run came to a gate. */
export type KeptDecision = z.infer<typeof keptDecisionSchema>;

/** What the SDK's `waitForApproval` reads of the event that it waits for. */
export const decisionPayloadSchema = z.looseObject({
	approved: z.boolean(),
	reason: z.string().nullable().default(null).catch(null)
});

type Kind = 'early' | 'event';

/**
 * What an Agent's own code said before the history shows the wait that it is for: an early decision
 * for the next gate of a run, and the payloads of events that it sent itself.
 */
export class AgentDecisionStore {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_agent_decisions', [
			`CREATE TABLE IF NOT EXISTS monitor_agent_decisions (
				id INTEGER PRIMARY KEY AUTOINCREMENT, workflow TEXT NOT NULL, run_id TEXT NOT NULL,
				generation INTEGER NOT NULL, kind TEXT NOT NULL, event_type TEXT NOT NULL,
				content TEXT NOT NULL
			);
			CREATE INDEX IF NOT EXISTS monitor_agent_decisions_run
				ON monitor_agent_decisions (workflow, run_id);`
		]);
	}

	/** Keeps a decision for the next gate of a run. Returns whether it replaced an earlier one. */
	keepDecision(ref: RunRef, generation: number, decision: KeptDecision): boolean {
		const earlier = this.#take(ref, generation, 'early', '');
		this.#add(ref, generation, 'early', '', decision);
		return earlier !== undefined;
	}

	/** Removes and returns the decision that was kept for the next gate of a run. */
	takeDecision(ref: RunRef, generation: number): KeptDecision | null {
		const content = this.#take(ref, generation, 'early', '');
		return content === undefined ? null : keptDecisionSchema.parse(JSON.parse(content));
	}

	/** Remembers an event that the Agent is about to send. Returns the id for `deleteEvent`. */
	addEvent(ref: RunRef, generation: number, eventType: string, payload: Json): number {
		return this.#add(ref, generation, 'event', eventType, payload);
	}

	deleteEvent(id: number): void {
		this.#sql.exec('DELETE FROM monitor_agent_decisions WHERE id = ?', id);
	}

	/**
	 * Removes the oldest remembered event of this type, which the engine hands out first, and returns
	 * its payload; undefined when the Agent sent none.
	 */
	takeEvent(ref: RunRef, generation: number, eventType: string): Json | undefined {
		const content = this.#take(ref, generation, 'event', eventType);
		return content === undefined ? undefined : (JSON.parse(content) as Json); // written by addEvent
	}

	deleteDecisions({ workflow, id }: RunRef): void {
		this.#sql.exec(
			'DELETE FROM monitor_agent_decisions WHERE workflow = ? AND run_id = ?',
			workflow,
			id
		);
	}

	#add(ref: RunRef, generation: number, kind: Kind, eventType: string, content: Json): number {
		return this.#sql
			.exec<{ id: number }>(
				`INSERT INTO monitor_agent_decisions
					(workflow, run_id, generation, kind, event_type, content)
				VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
				...[ref.workflow, ref.id, generation, kind, eventType, JSON.stringify(content)]
			)
			.one().id;
	}

	#take(ref: RunRef, generation: number, kind: Kind, eventType: string): string | undefined {
		return this.#sql
			.exec<{ content: string }>(
				`DELETE FROM monitor_agent_decisions WHERE id = (
					SELECT min(id) FROM monitor_agent_decisions WHERE workflow = ? AND run_id = ?
						AND generation = ? AND kind = ? AND event_type = ?
				) RETURNING content`,
				...[ref.workflow, ref.id, generation, kind, eventType]
			)
			.toArray()[0]?.content;
	}
}
