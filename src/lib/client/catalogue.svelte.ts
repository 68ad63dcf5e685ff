import { z } from 'zod';
import { workflowInfoSchema, type Problem, type WorkflowInfo } from '$lib/protocol';
import { getJson } from './http';

const catalogueSchema = z.array(workflowInfoSchema);

/** The workflows that can be started. They change with a deployment only, so they are asked once. */
export class LiveCatalogue {
	#current = $state.raw<readonly WorkflowInfo[] | undefined>();
	#error = $state.raw<Problem | null>(null);

	/** Undefined until the server has said. */
	get current(): readonly WorkflowInfo[] | undefined {
		return this.#current;
	}

	get ready(): boolean {
		return this.#current !== undefined;
	}

	get error(): Problem | null {
		return this.#error;
	}

	/** The entry of a workflow; undefined when there is none, or not yet. */
	find(workflow: string): WorkflowInfo | undefined {
		return this.#current?.find((info) => info.workflow === workflow);
	}

	/** Asks the server. What was known stays when it does not answer. */
	async load(): Promise<void> {
		const answer = await getJson('/api/v1/workflows', catalogueSchema);
		this.#error = answer.ok ? null : answer.problem;
		if (answer.ok) this.#current = answer.value;
	}
}
