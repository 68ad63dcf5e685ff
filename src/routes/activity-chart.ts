import {
	BarController,
	BarElement,
	CategoryScale,
	Chart,
	LinearScale,
	LineController,
	LineElement,
	PointElement,
	Tooltip,
	type ChartConfiguration
} from 'chart.js';
import type { ActivityMinute } from '$lib/protocol';

Chart.register(
	BarController,
	BarElement,
	CategoryScale,
	LinearScale,
	LineController,
	LineElement,
	PointElement,
	Tooltip
);

/** The colours of the chart, read from the tokens. */
export type ChartColours = {
	started: string;
	completed: string;
	failed: string;
	grid: string;
	text: string;
	surface: string;
	heading: string;
};

/** A chart of what began and ended, minute by minute. */
export class ActivityChart {
	#chart: Chart<'bar' | 'line', number[], string>;

	constructor(canvas: HTMLCanvasElement) {
		this.#chart = new Chart(canvas, configuration());
	}

	/** Draws these minutes. */
	show(minutes: readonly ActivityMinute[]): void {
		this.#chart.data.labels = minutes.map(({ minute }) => clockOf(minute));
		const series = [
			minutes.map(({ started }) => started),
			minutes.map(({ completed }) => completed),
			minutes.map(({ failed }) => failed)
		];
		this.#chart.data.datasets.forEach((dataset, index) => {
			dataset.data = series[index] ?? [];
		});
		this.#chart.update('none');
	}

	/** Draws in these colours from now on. */
	paint(colours: ChartColours): void {
		const [started, completed, failed] = this.#chart.data.datasets;
		if (started) Object.assign(started, { borderColor: colours.started });
		if (completed) Object.assign(completed, { backgroundColor: colours.completed });
		if (failed) Object.assign(failed, { backgroundColor: colours.failed });
		const { scales, plugins } = this.#chart.options;
		Object.assign(scales?.y?.grid ?? {}, { color: colours.grid });
		Object.assign(scales?.x?.ticks ?? {}, { color: colours.text });
		Object.assign(scales?.y?.ticks ?? {}, { color: colours.text });
		Object.assign(plugins?.tooltip ?? {}, {
			backgroundColor: colours.surface,
			borderColor: colours.grid,
			titleColor: colours.heading,
			bodyColor: colours.heading
		});
		this.#chart.update('none');
	}

	/** Frees the canvas. */
	destroy(): void {
		this.#chart.destroy();
	}
}

/** The clock's time of a minute, as its axis and its table name it. */
export function clockOf(minute: number): string {
	return new Date(minute).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function configuration(): ChartConfiguration<'bar' | 'line', number[], string> {
	const bar = { type: 'bar', stack: 'ended', data: [], borderRadius: 2, order: 2 } as const;
	const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 };
	return {
		type: 'bar',
		data: {
			labels: [],
			datasets: [
				{
					type: 'line',
					label: 'Started',
					data: [],
					order: 1,
					borderWidth: 1.75,
					stepped: 'middle',
					pointRadius: 0,
					pointHitRadius: 8
				},
				{ ...bar, label: 'Completed', data: [] },
				{ ...bar, label: 'Failed', data: [] }
			]
		},
		options: {
			animation: false,
			maintainAspectRatio: false,
			interaction: { mode: 'index', intersect: false },
			scales: {
				x: {
					stacked: true,
					grid: { display: false },
					border: { display: false },
					ticks: { font, maxRotation: 0, autoSkipPadding: 24 }
				},
				y: {
					stacked: true,
					beginAtZero: true,
					suggestedMax: 4,
					border: { display: false },
					grid: { color: 'transparent' },
					ticks: { font, precision: 0, maxTicksLimit: 5, padding: 8 }
				}
			},
			plugins: {
				tooltip: {
					borderWidth: 1,
					padding: 10,
					boxPadding: 4,
					usePointStyle: true,
					titleFont: font,
					bodyFont: font
				}
			}
		}
	};
}
