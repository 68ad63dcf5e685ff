import { runListText } from '$lib/messages/pages/run-list';
import {
	BULK_LIMITS,
	fieldTerm,
	formatTerm,
	problem,
	runKey,
	type Answer,
	type RunQueryInput,
	type RunRef
} from '$lib/protocol';
import type { Requests } from '../requests';
import type { KnownRows, RowRange } from './run-window';

/** Runs that are asked for at once. */
const PAGE = 100;
/** Runs that one query names: it has room for their ids. */
const NAMED = 10;

type Query = Pick<RunQueryInput, 'q' | 'order'>;
/** The row that the server counts places from; nothing for the first that there is. */
type From = { from?: string };

/** Reads ranges of a list of which only a part is known. */
export class RunRanges {
	readonly #requests: Requests;
	readonly #known: KnownRows;

	constructor(requests: Requests, known: KnownRows) {
		this.#requests = requests;
		this.#known = known;
	}

	/** The runs of a range without those that have left: at most what a job takes by name. */
	async read(
		{ first, count }: RowRange,
		query: Query,
		from: From
	): Promise<Answer<readonly RunRef[]>> {
		if (count > BULK_LIMITS.named) {
			const detail = runListText.rangeTooLong(BULK_LIMITS.named, count);
			return { ok: false, problem: problem('invalid-input', detail) };
		}
		const end = first + count;
		const runs = new Map<string, RunRef>();
		const present = await this.#stillPresent(first, end, query);
		for (let place = first; place < end; place += 1) {
			const known = this.#known.at(place);
			if (known) {
				const key = runKey(known);
				if (!this.#known.isGone(key) || present.has(key)) runs.set(key, known);
				continue;
			}
			const next = Math.min(this.#known.nextAfter(place) ?? end, end);
			const between = await this.#readBetween(place, next, query, from);
			if (!between.ok) return between;
			for (const run of between.value) runs.set(runKey(run), run);
			place = next - 1;
		}
		return { ok: true, value: [...runs.values()] };
	}

	/**
	 * Which of the rows that have left their window still match. When rows above a window leave, its
	 * first rows move out of it, which looks the same from here.
	 */
	async #stillPresent(first: number, end: number, query: Query): Promise<ReadonlySet<string>> {
		const gone = this.#known.goneBetween(first, end);
		const present = new Set<string>();
		for (let at = 0; at < gone.length; at += NAMED) {
			const ids = gone.slice(at, at + NAMED).map(({ id }) => id);
			const q = `${query.q ?? ''} ${formatTerm(fieldTerm('id', ids))}`.trim();
			const answer = await this.#requests.ask({
				type: 'runs.list',
				query: { ...query, q, limit: PAGE }
			});
			// Without an answer they count as what they look like.
			for (const run of answer.ok ? answer.value.runs : []) present.add(runKey(run));
		}
		return present;
	}

	/**
	 * The runs from a place that is not known up to one that is. Rows may have left unseen, so places
	 * only say where to look: the rows on either side say where the gap begins and ends.
	 */
	async #readBetween(
		place: number,
		next: number,
		query: Query,
		from: From
	): Promise<Answer<readonly RunRef[]>> {
		const before = this.#presentBefore(place);
		const after = this.#known.at(next);
		const end = after && !this.#known.isGone(runKey(after)) ? runKey(after) : null;
		const most = next - place;
		const found: RunRef[] = [];
		let offset = place - this.#known.goneBefore(place) - (before === null ? 0 : 1);
		for (;;) {
			const limit = Math.min(most - found.length + 2, PAGE);
			const window = { offset, ...from };
			const asked = { type: 'runs.list', query: { ...query, limit }, window } as const;
			const answer = await this.#requests.ask(asked);
			if (!answer.ok) return answer;
			const keys = answer.value.runs.map(runKey);
			const begin = before === null ? 0 : keys.indexOf(before) + 1;
			const stop = end === null ? -1 : keys.indexOf(end);
			found.push(...answer.value.runs.slice(begin, stop < 0 ? undefined : stop));
			if (stop >= 0 || keys.length === 0 || found.length >= most) break;
			offset += keys.length;
		}
		return { ok: true, value: found.slice(0, most) };
	}

	/** The key of the last row before a place that is still in the list. */
	#presentBefore(place: number): string | null {
		for (let at = place - 1; at >= 0; at -= 1) {
			const row = this.#known.at(at);
			if (!row) return null;
			if (!this.#known.isGone(runKey(row))) return runKey(row);
		}
		return null;
	}
}
