// A run as a file: all that is known of it, to be looked at where its data is not. The file may come
// from anywhere, so what it says of itself is read before anything else is believed.
import { fieldErrorsText } from '../../messages/server/field-errors';
import { runFileText } from '../../messages/pages/run-file';
import { z } from 'zod';
import { approvalSchema } from '../approval/approval';
import { runEventSchema } from './events';
import { fieldErrors } from '../wire/field-errors';
import { timestampSchema } from '../wire/json';
import { problem, type Answer } from '../wire/problem';
import { runRowSchema, runSchema } from './run';

export const RUN_FILE_FORMAT = 'signalbox-run';
export const RUN_FILE_VERSION = 1;
/** The largest file that is opened, bytes. */
export const MOST_RUN_FILE_BYTES = 50_000_000;
/** So many wrong fields are named; the others are counted. */
const MOST_NAMED = 3;

const headSchema = z.looseObject({
	format: z.literal(RUN_FILE_FORMAT),
	version: z.unknown().optional()
});

const generationSchema = z.object({
	generation: z.number().int().min(1),
	events: z
		.array(runEventSchema)
		.refine(
			(events) => events.every(({ eventId }, at) => eventId > (events[at - 1]?.eventId ?? -1)),
			fieldErrorsText.eventsOutOfOrder
		)
});

/** A run with the events of all its generations, as it was known when it was saved. */
export const runFileSchema = z
	.object({
		format: z.literal(RUN_FILE_FORMAT),
		version: z.literal(RUN_FILE_VERSION),
		/** By the server's clock. */
		savedAt: timestampSchema,
		run: runSchema,
		/** False when the engine's own history of the newest generation could not be read. */
		exact: z.boolean(),
		generations: z
			.array(generationSchema)
			.refine(
				(all) => new Set(all.map(({ generation }) => generation)).size === all.length,
				fieldErrorsText.generationTwice
			),
		approvals: z.array(approvalSchema),
		/** Every run that it led to, parents before their children. */
		children: z.array(runRowSchema)
	})
	.refine(
		({ run, generations }) => generations.every(({ generation }) => generation <= run.generation),
		{ path: ['generations'], message: fieldErrorsText.newerThanRun }
	);
export type RunFile = z.infer<typeof runFileSchema>;

/** What a run's file is called. */
export function runFileName({ workflow, id }: RunFile['run']): string {
	return `${workflow}-${id}.json`;
}

/** Reads the text of a run's file. What is wrong with it is said in words; it never throws. */
export function readRunFile(text: string): Answer<RunFile> {
	try {
		return readParsed(JSON.parse(text));
	} catch (error) {
		if (error instanceof RangeError) return wrong(runFileText.tooDeep);
		const said = error instanceof Error ? ` (${error.message})` : '';
		return wrong(`${runFileText.notJson(said)} ${runFileText.expected}`);
	}
}

function readParsed(parsed: unknown): Answer<RunFile> {
	const head = headSchema.safeParse(parsed);
	if (!head.success) {
		return wrong(`${runFileText.wrongFormat(RUN_FILE_FORMAT)} ${runFileText.expected}`);
	}
	const { version } = head.data;
	if (version !== RUN_FILE_VERSION) {
		const help =
			typeof version === 'number' && version > RUN_FILE_VERSION
				? runFileText.openOnNewer
				: runFileText.downloadAgain;
		const found = runFileText.wrongVersion(JSON.stringify(version) ?? 'missing', RUN_FILE_VERSION);
		return wrong(`${found} ${help}`);
	}
	const file = runFileSchema.safeParse(parsed);
	if (file.success) return { ok: true, value: file.data };
	const errors = fieldErrors(file.error);
	const named = errors.slice(0, MOST_NAMED).map(({ path, message }) => `${path}: ${message}`);
	const more = errors.length > MOST_NAMED ? runFileText.moreErrors(errors.length - MOST_NAMED) : '';
	return wrong(runFileText.damaged(`${named.join('; ')}${more}`));
}

function wrong(detail: string): Answer<never> {
	return {
		ok: false,
		problem: problem('invalid-input', detail, { title: runFileText.cannotOpen })
	};
}
