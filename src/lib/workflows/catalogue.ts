import { z } from 'zod';
import {
	jsonObjectSchema,
	toJson,
	type WorkflowCatalogue,
	type WorkflowEntry,
	type WorkflowInfo
} from '../protocol';

/** The workflows that can be started here, by binding name. */
export class Catalogue implements WorkflowCatalogue {
	#entries = new Map<string, WorkflowEntry>();

	constructor(entries: Iterable<WorkflowEntry> = []) {
		for (const entry of entries) this.add(entry);
	}

	/** Adds a workflow. A binding has one entry: adding it again throws. */
	add(entry: WorkflowEntry): void {
		if (this.#entries.has(entry.workflow)) {
			throw new Error(`The catalogue already has an entry for ${entry.workflow}.`);
		}
		this.#entries.set(entry.workflow, entry);
	}

	get(workflow: string): WorkflowEntry | undefined {
		return this.#entries.get(workflow);
	}

	/** The catalogue as the outside sees it, in the order the entries were added. */
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
