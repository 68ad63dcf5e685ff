import type { Timeline } from '$lib/protocol';
import { untrack } from 'svelte';
import { findRows } from './model/find-rows';
import { GrowingGroups, groupKey, isGroup, type Entry } from './model/groups';
import { rowParam, toggled, type TimelineState } from './model/timeline-state';

/** What a list is made from. */
export type ListInputs = {
	timeline: () => Timeline;
	/** The same, not renewed more often than each second while it is long. */
	calm: () => Timeline;
	view: () => TimelineState;
};

/** The lines of a timeline: steps and groups, what is found of them, and which one is selected. */
export class TimelineList {
	readonly #host: ListInputs;
	readonly #growing = new GrowingGroups();
	/** The group that a selected row is in is open by itself: a link to the row leads there. */
	readonly #wanted: string | null = $derived.by(() => {
		const { selected } = this.#host.view();
		if (selected === null) return null;
		const row = this.#host.timeline().rows.find(({ key }) => rowParam(key) === selected);
		return row ? groupKey(row) : null;
	});
	readonly entries: readonly Entry[] = $derived.by(() => {
		const { rows } = this.#host.timeline();
		const { find, withSdk } = this.#host.view();
		if (find !== '') return findRows(rows, find, withSdk);
		const isOpen = (key: string) => this.isOpen(key);
		return this.#growing.read(rows).entries({ withSdk, isOpen });
	});
	/** For what looks at every entry. */
	readonly calm: readonly Entry[] = $derived.by(() => {
		this.#host.calm();
		return untrack(() => this.entries);
	});
	/** Where the selected entry stands; -1 for none. */
	readonly index: number = $derived.by(() => {
		const { selected } = this.#host.view();
		if (selected === null) return -1;
		return this.entries.findIndex(({ key }) => rowParam(key) === selected);
	});
	/** What is selected and there. Unlike its place it stays the same while steps are added. */
	readonly found: string | null = $derived.by(() =>
		this.index < 0 ? null : this.#host.view().selected
	);
	/** Where it happens now: the last entry that has not ended, else the last. */
	readonly nowIndex: number = $derived.by(() => {
		const open = this.entries.findLastIndex(({ endedAt }) => endedAt === null);
		return open < 0 ? this.entries.length - 1 : open;
	});

	constructor(host: ListInputs) {
		this.#host = host;
	}

	isOpen(key: string): boolean {
		return this.#host.view().open.has(rowParam(key)) || key === this.#wanted;
	}

	/** Is it shown below the head of its group? */
	isInner(entry: Entry): boolean {
		const isFound = this.#host.view().find !== '';
		return !isFound && !isGroup(entry) && this.#growing.groupOf(entry) !== undefined;
	}

	/** The groups that are open once one of them was opened or closed. */
	turned(key: string): ReadonlySet<string> {
		const { open } = this.#host.view();
		const param = rowParam(key);
		return open.has(param) === this.isOpen(key) ? toggled(open, param) : open;
	}
}
