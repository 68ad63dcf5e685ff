import { z } from 'zod';
import { jsonObjectSchema, toJson, type WorkflowInfo } from '../protocol';
import { aisleCount } from './aisle-count';
import { bulk } from './bulk';
import { catalogImport } from './catalog-import';
import type { WorkflowEntry } from './define';
import { followUp } from './follow-up';
import { linkAudit } from './link-audit';
import { notify } from './notify';
import { purge } from './purge';
import { refund } from './refund';
import { stockCount } from './stock-count';
import { writeOff } from './write-off';

/** The workflows that can be started here, by binding name. */
export class Catalogue {
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

/** Every workflow of this Worker. */
export const catalogue = new Catalogue([
	catalogImport,
	refund,
	linkAudit,
	stockCount,
	aisleCount,
	followUp,
	writeOff,
	purge,
	bulk,
	notify
]);
