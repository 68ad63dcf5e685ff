import type { z } from 'zod';
import type { WorkflowEntry } from '../protocol';

/** A catalogue entry as it is written, with optional fields. */
export type WorkflowDefinition<Schema extends z.ZodType> = Omit<
	WorkflowEntry<Schema>,
	'startable' | 'metadata' | 'approvalEvents' | 'redact'
> &
	Partial<Pick<WorkflowEntry<Schema>, 'startable' | 'metadata' | 'approvalEvents' | 'redact'>>;

/** Describes a workflow for the catalogue. */
export function defineWorkflow<Schema extends z.ZodType>(
	definition: WorkflowDefinition<Schema>
): WorkflowEntry<Schema> {
	return { startable: true, approvalEvents: [], redact: [], metadata: () => ({}), ...definition };
}
