import { z } from 'zod';
import {
	jsonObjectSchema,
	toJson,
	type WorkflowCatalogue,
	type WorkflowEntry,
	type WorkflowInfo
} from '../protocol';
import { workflowErrorText } from '../messages/server/workflow-errors';

/** The workflows of this Worker, by binding name. */
export class WorkerCatalogue implements WorkflowCatalogue {
	#entries = new Map<string, WorkflowEntry>();

	constructor(entries: Iterable<WorkflowEntry> = []) {
		for (const entry of entries) this.add(entry);
	}

	/** @throws Error when the binding has an entry already */
	add(entry: WorkflowEntry): void {
		if (this.#entries.has(entry.workflow)) {
			throw new Error(workflowErrorText.duplicateEntry(entry.workflow));
		}
		this.#entries.set(entry.workflow, entry);
	}

	get(workflow: string): WorkflowEntry | undefined {
		return this.#entries.get(workflow);
	}

	entries(): Iterable<WorkflowEntry> {
		return this.#entries.values();
	}

	/** The catalogue as the API shows it, in the order of its entries. */
	list(): WorkflowInfo[] {
		return [...this.#entries.values()].map(toInfo);
	}
}

function toInfo(entry: WorkflowEntry): WorkflowInfo {
	const { workflow, title, description, agentClass, agent, startable } = entry;
	return {
		workflow,
		title,
		description,
		agentClass,
		agent,
		startable,
		params: jsonObjectSchema.parse(toJson(z.toJSONSchema(entry.params, { io: 'input' }))),
		example: toJson(entry.example)
	};
}
